"""The contract tests: check whether the server at a base URL follows the contract. They use no code of the mock server."""
