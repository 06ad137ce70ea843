"""The contract as the server uses it: routes, request validators and security, read from the spec once at start."""
