"""What the commands besides `run` do: compare, capture, replay."""
