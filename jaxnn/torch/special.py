"""Special functions under the names of ``torch.special``.

>>> import jaxnn.torch as torch
>>> torch.special.entr(torch.tensor([0.0, 0.5]))
tensor([0.0000, 0.3466])
"""

from typing import Any

from jaxnn.torch import lacking
from jaxnn.torch.operations.elements.bessel import airy_ai as airy_ai
from jaxnn.torch.operations.elements.bessel import bessel_j0 as bessel_j0
from jaxnn.torch.operations.elements.bessel import bessel_j1 as bessel_j1
from jaxnn.torch.operations.elements.bessel import bessel_y0 as bessel_y0
from jaxnn.torch.operations.elements.bessel import bessel_y1 as bessel_y1
from jaxnn.torch.operations.elements.bessel import i0e as i0e
from jaxnn.torch.operations.elements.bessel import i1 as i1
from jaxnn.torch.operations.elements.bessel import i1e as i1e
from jaxnn.torch.operations.elements.bessel import modified_bessel_i0 as modified_bessel_i0
from jaxnn.torch.operations.elements.bessel import modified_bessel_i1 as modified_bessel_i1
from jaxnn.torch.operations.elements.bessel import modified_bessel_k0 as modified_bessel_k0
from jaxnn.torch.operations.elements.bessel import modified_bessel_k1 as modified_bessel_k1
from jaxnn.torch.operations.elements.bessel import (
    scaled_modified_bessel_k0 as scaled_modified_bessel_k0,
)
from jaxnn.torch.operations.elements.bessel import (
    scaled_modified_bessel_k1 as scaled_modified_bessel_k1,
)
from jaxnn.torch.operations.elements.bessel import spherical_bessel_j0 as spherical_bessel_j0
from jaxnn.torch.operations.elements.error_functions import entr as entr
from jaxnn.torch.operations.elements.error_functions import erfcx as erfcx
from jaxnn.torch.operations.elements.error_functions import log_ndtr as log_ndtr
from jaxnn.torch.operations.elements.error_functions import ndtr as ndtr
from jaxnn.torch.operations.elements.error_functions import ndtri as ndtri
from jaxnn.torch.operations.elements.exponentials import logsumexp as logsumexp
from jaxnn.torch.operations.elements.gamma import zeta as zeta
from jaxnn.torch.operations.elements.pairs import xlog1py as xlog1py
from jaxnn.torch.operations.elements.polynomials import (
    chebyshev_polynomial_t as chebyshev_polynomial_t,
)
from jaxnn.torch.operations.elements.polynomials import (
    chebyshev_polynomial_u as chebyshev_polynomial_u,
)
from jaxnn.torch.operations.elements.polynomials import (
    chebyshev_polynomial_v as chebyshev_polynomial_v,
)
from jaxnn.torch.operations.elements.polynomials import (
    chebyshev_polynomial_w as chebyshev_polynomial_w,
)
from jaxnn.torch.operations.elements.polynomials import hermite_polynomial_h as hermite_polynomial_h
from jaxnn.torch.operations.elements.polynomials import (
    hermite_polynomial_he as hermite_polynomial_he,
)
from jaxnn.torch.operations.elements.polynomials import (
    laguerre_polynomial_l as laguerre_polynomial_l,
)
from jaxnn.torch.operations.elements.polynomials import (
    legendre_polynomial_p as legendre_polynomial_p,
)
from jaxnn.torch.operations.elements.polynomials import (
    shifted_chebyshev_polynomial_t as shifted_chebyshev_polynomial_t,
)
from jaxnn.torch.operations.elements.polynomials import (
    shifted_chebyshev_polynomial_u as shifted_chebyshev_polynomial_u,
)
from jaxnn.torch.operations.elements.polynomials import (
    shifted_chebyshev_polynomial_v as shifted_chebyshev_polynomial_v,
)
from jaxnn.torch.operations.elements.polynomials import (
    shifted_chebyshev_polynomial_w as shifted_chebyshev_polynomial_w,
)
from jaxnn.torch.operations.reductions.softening import log_softmax as log_softmax
from jaxnn.torch.operations.reductions.softening import softmax as softmax
from jaxnn.torch.operations.special_aliases import digamma as digamma
from jaxnn.torch.operations.special_aliases import erf as erf
from jaxnn.torch.operations.special_aliases import erfc as erfc
from jaxnn.torch.operations.special_aliases import erfinv as erfinv
from jaxnn.torch.operations.special_aliases import exp2 as exp2
from jaxnn.torch.operations.special_aliases import expit as expit
from jaxnn.torch.operations.special_aliases import expm1 as expm1
from jaxnn.torch.operations.special_aliases import gammainc as gammainc
from jaxnn.torch.operations.special_aliases import gammaincc as gammaincc
from jaxnn.torch.operations.special_aliases import gammaln as gammaln
from jaxnn.torch.operations.special_aliases import i0 as i0
from jaxnn.torch.operations.special_aliases import log1p as log1p
from jaxnn.torch.operations.special_aliases import logit as logit
from jaxnn.torch.operations.special_aliases import multigammaln as multigammaln
from jaxnn.torch.operations.special_aliases import polygamma as polygamma
from jaxnn.torch.operations.special_aliases import psi as psi
from jaxnn.torch.operations.special_aliases import round as round
from jaxnn.torch.operations.special_aliases import sinc as sinc
from jaxnn.torch.operations.special_aliases import xlogy as xlogy


def __getattr__(name: str) -> Any:
    raise lacking.function("special", name)
