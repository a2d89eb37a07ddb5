"""Linear algebra of torch: what the adapter lacks says what JAX has.

>>> import jaxnn.torch as torch
>>> hasattr(torch.linalg, "no_such_name")
False
"""

from typing import Any

from jaxnn.torch import lacking
from jaxnn.torch.operations.norms import matrix_norm as matrix_norm
from jaxnn.torch.operations.norms import norm as norm
from jaxnn.torch.operations.norms import vector_norm as vector_norm
from jaxnn.torch.operations.splitting import linalg_diagonal

diagonal = linalg_diagonal


def __getattr__(name: str) -> Any:
    raise lacking.function("linalg", name)
