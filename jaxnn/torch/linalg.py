"""Linear algebra of torch: what the adapter lacks says what JAX has.

>>> import jaxnn.torch as torch
>>> hasattr(torch.linalg, "no_such_name")
False
"""

from typing import Any

from jaxnn.torch import lacking
from jaxnn.torch.operations.matrices.contractions import multi_dot as multi_dot
from jaxnn.torch.operations.matrices.decompositions import cholesky as cholesky
from jaxnn.torch.operations.matrices.decompositions import eigh as eigh
from jaxnn.torch.operations.matrices.decompositions import eigvalsh as eigvalsh
from jaxnn.torch.operations.matrices.decompositions import qr as qr
from jaxnn.torch.operations.matrices.decompositions import svd as svd
from jaxnn.torch.operations.matrices.decompositions import svdvals as svdvals
from jaxnn.torch.operations.matrices.matmul import matmul as matmul
from jaxnn.torch.operations.matrices.matrix_checks import LinAlgError as LinAlgError
from jaxnn.torch.operations.matrices.products import linalg_cross, linalg_vander, linalg_vecdot
from jaxnn.torch.operations.matrices.ranks import matrix_rank as matrix_rank
from jaxnn.torch.operations.matrices.ranks import pinv as pinv
from jaxnn.torch.operations.matrices.solving import inv as inv
from jaxnn.torch.operations.matrices.solving import linalg_det, linalg_matrix_power, linalg_slogdet
from jaxnn.torch.operations.matrices.solving import solve as solve
from jaxnn.torch.operations.reductions.norms import matrix_norm as matrix_norm
from jaxnn.torch.operations.reductions.norms import norm as norm
from jaxnn.torch.operations.reductions.norms import vector_norm as vector_norm
from jaxnn.torch.operations.views.splitting import linalg_diagonal

det, slogdet = linalg_det, linalg_slogdet
cross, vander, vecdot = linalg_cross, linalg_vander, linalg_vecdot
diagonal, matrix_power = linalg_diagonal, linalg_matrix_power


def __getattr__(name: str) -> Any:
    raise lacking.function("linalg", name)
