"""Domain to JSON: the shapes that the service sends, hidden fields included. Reads state, changes nothing."""
