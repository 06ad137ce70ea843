"""Scenarios on a live account: find an order, request an invoice, change billing details and restore them."""
