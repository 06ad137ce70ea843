"""Tests of the runner of published SDKs, without the SDKs; and requests of SDKs in other languages, over raw HTTP."""
