"""Programs that run in the environment of an SDK, without this project's packages; each is a table of checks."""
