"""The rules: each checks one answer, or one answer after the answers before it. Pure."""
