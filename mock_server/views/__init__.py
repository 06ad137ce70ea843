"""Domain objects as JSON: the shapes that the service sends, hidden fields included. Views read state and change nothing.

Fields that the service of April 2026 did not send, but published SDKs require, are separate in each module: `asked_for_by_sdks`.
"""
