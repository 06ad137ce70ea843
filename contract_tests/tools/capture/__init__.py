"""Capture: writes a world document from what an account shows, so that the mock can start as a copy of the account."""
