"""Offline checks: exchanges recorded in HAR documents or in recordings of the service are checked without a server."""
