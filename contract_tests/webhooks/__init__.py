"""Judging webhooks as they arrive: a receiver, the rules of one delivery, the words for stories."""
