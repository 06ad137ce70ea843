"""The stateful check: draws sequences of requests from the model, runs, shortens and reports them."""
