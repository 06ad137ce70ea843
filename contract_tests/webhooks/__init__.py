"""Checks webhooks as they arrive: a receiver, the rules of one delivery, the steps of webhook scenarios."""
