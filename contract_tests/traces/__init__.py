"""Checks exchanges in the order in which they happened, with any client: each against the state observed so far.

What is not known from earlier exchanges is not checked: it never counts against an answer.
"""
