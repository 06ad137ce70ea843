"""Checks the exchanges of a session in order, from any client: each against the state observed before it.

Unknown values are not checked, so they never count against an answer.
"""
