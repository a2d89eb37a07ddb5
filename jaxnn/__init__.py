"""Neural networks as pure JAX functions, with PyTorch's numbers."""
