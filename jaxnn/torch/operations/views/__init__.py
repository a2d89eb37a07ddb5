"""Views of tensors, copies, and tensors put together."""
