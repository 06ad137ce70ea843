"""Invoice documents as PDF: a pure function of an invoice's frozen facts. Imports no PDF library itself."""
