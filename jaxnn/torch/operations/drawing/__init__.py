"""Random numbers, in place, by shape and by distribution."""
