"""`polar-sdk` 0.28.4 to 0.32.0: portal tokens per call, strict models, one error type per answer."""
