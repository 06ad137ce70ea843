"""HTTP: Flask lives on this floor only, and this floor alone knows status codes."""
