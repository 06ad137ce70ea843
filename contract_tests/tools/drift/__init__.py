"""A published OpenAPI document compared with ours, without the known differences."""
