"""What changed between two OpenAPI documents and two behaviours, and which clients it hurts. Pure, except for the page."""
