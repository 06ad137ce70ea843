"""The judge: says whether any base URL keeps the contract. It never answers a request and holds no code of the mock."""
