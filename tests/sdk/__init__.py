"""Tests of the runner of published SDKs, without the SDKs; and what SDKs of other languages send, over raw HTTP."""
