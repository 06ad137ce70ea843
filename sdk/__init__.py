"""Polar's published SDKs as clients of the mock: installed as they are, pointed at it, and checked promise by promise.

Not part of the wheel. `clients` holds one program for each generation of SDKs; the rooms here install, start and count.
"""
