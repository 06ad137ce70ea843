"""Hostile requests: valid ones of every operation, spoiled at random from a seed, written to a raw socket."""
