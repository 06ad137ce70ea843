"""Outgoing webhooks: sign them, send them, and classify the response. Imports neither worlds nor Flask."""
