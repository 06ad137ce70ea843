"""Domain to JSON: the shapes that the service sends, hidden fields included. Reads state, changes nothing.

What the service of April 2026 did not send, and published SDKs insist on, stands apart in each room: `asked_for_by_sdks`.
"""
