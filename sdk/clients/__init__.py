"""Programs that run in the environment of an SDK, where nothing of this project is installed; each is a table of checks."""
