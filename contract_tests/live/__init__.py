"""The field's words for stories on a live account: one order found, an invoice asked for, billing details changed and put back."""
