"""Judging without a server: exchanges that were recorded, as HAR documents or as recordings of the service."""
