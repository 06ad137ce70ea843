"""The only way to send a request: sessions with guards, timeouts and limits, and what was sent."""
