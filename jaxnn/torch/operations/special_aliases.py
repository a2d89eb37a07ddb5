"""The functions of ``torch.special`` that torch has by another name, too: a row each."""

from jaxnn.torch.operations.aliases import alias
from jaxnn.torch.operations.elements import (
    activation,
    bessel,
    error_functions,
    gamma,
    pairs,
    pointwise,
    rounding,
)

digamma = alias("special_digamma", gamma.digamma)
erf = alias("special_erf", error_functions.erf)
erfc = alias("special_erfc", error_functions.erfc)
erfinv = alias("special_erfinv", error_functions.erfinv)
exp2 = alias("special_exp2", pointwise.exp2)
expit = alias("special_expit", activation.sigmoid)
expm1 = alias("special_expm1", pointwise.expm1)
gammainc = alias("special_gammainc", gamma.igamma)
gammaincc = alias("special_gammaincc", gamma.igammac)
gammaln = alias("special_gammaln", gamma.lgamma)
i0 = alias("special_i0", bessel.i0)
log1p = alias("special_log1p", pointwise.log1p)
logit = alias("special_logit", pointwise.logit)
multigammaln = alias("special_multigammaln", gamma.mvlgamma)
polygamma = alias("special_polygamma", gamma.polygamma)
psi = alias("special_psi", gamma.digamma)
round = rounding.special_round
sinc = alias("special_sinc", pointwise.sinc)
xlogy = alias("special_xlogy", pairs.xlogy)
