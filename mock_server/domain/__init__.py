"""Polar's rules as plain typed Python: no Flask, no I/O; clock and randomness are always passed in."""
