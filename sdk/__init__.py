"""Polar's published SDKs as clients of the mock: installed unchanged, pointed at the mock, and checked one item at a time.

Not part of the wheel. `clients` has one program for each generation of SDKs; the other modules install, start and count.
"""
