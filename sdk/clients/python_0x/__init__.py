"""`polar-sdk` 0.28.4 to 0.31.7: tokens of the portal per call, models checked strictly, an error type per answer."""
