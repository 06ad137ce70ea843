"""Hostile requests: valid ones of every operation, spoiled by chance that a seed decides, written to a raw socket."""
