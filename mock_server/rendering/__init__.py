"""Invoice documents as PDF: a pure function of an invoice's frozen facts. The PDF library is imported only when it is used."""
