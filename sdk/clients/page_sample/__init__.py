"""The samples of the contract's page, with the base URL, the token and the order taken from the environment."""
