"""Polar's rules as plain typed Python: no Flask, no I/O, no clock or randomness that is not passed in."""
