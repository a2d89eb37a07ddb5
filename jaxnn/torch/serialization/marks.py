"""What torch puts off until a tensor is read, by the names that it has in files."""

import numpy as np

MARKS = {"conj": np.conjugate, "neg": np.negative}
