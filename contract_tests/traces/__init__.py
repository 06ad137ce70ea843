"""Judging exchanges that somebody else made: what an onlooker knows, and what every answer has to be in the light of it.

A trace is judged in order. What the onlooker does not know it does not hold against an answer.
"""
