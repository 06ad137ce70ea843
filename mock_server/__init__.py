"""The actor: a stateful mock of the Polar order-invoice API, driven by the law in `spec/`. It never judges."""
