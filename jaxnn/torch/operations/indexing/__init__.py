"""Elements read and written where indices, masks and slices name them."""
