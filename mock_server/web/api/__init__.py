"""The operations of the contract, one function each, registered by `operationId` in `table.py`."""
