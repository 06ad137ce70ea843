"""Webhooks going out: signing, sending, and judging what came back. Knows neither worlds nor Flask."""
