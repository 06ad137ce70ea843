"""Compare: send the same requests to two targets and report where their answers differ. Does not decide which of them is right."""
