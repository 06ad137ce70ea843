"""The mock server: a stateful mock of the Polar order-invoice API, driven by the contract in `spec/`. It checks no other server."""
