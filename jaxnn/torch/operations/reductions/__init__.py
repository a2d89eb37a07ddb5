"""Many elements made one, put in order, or counted."""
