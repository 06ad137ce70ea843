"""Capturing: from what an account shows to a world document, so that the mock can be started as its copy."""
