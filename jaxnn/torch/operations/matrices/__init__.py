"""Products, factors and parts of matrices."""
