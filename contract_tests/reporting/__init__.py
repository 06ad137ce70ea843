"""What a run leaves behind, for people and for programs. Everything is redacted on its way out."""
