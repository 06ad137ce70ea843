"""From a base URL to a target with orders, tokens and worlds."""
