"""The law as the server uses it: routes, request validators and security, read from the document once at start."""
