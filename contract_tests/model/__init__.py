"""The model: predicts the answers to any sequence of steps, and searches for a sequence that a target answers wrongly."""
