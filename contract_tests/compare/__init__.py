"""Parity: the same walks sent to two targets, and where their answers differ. Says nothing about which of them is right."""
