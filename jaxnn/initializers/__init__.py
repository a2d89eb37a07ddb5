"""First values of parameters: the ``torch.nn.init`` family as ``init(rng, shape, dtype)``.

``shape`` is a kernel's own, ``(in, out)``, or ``(*window, in, out)`` for a convolution. torch keeps
it as ``(out, in, *window)``, and samples are drawn in the order of that memory: with a Generator
a kernel holds the numbers that torch's weight would hold, each where it belongs. The functions of
``jax.nn.initializers`` have the same form and can take the place of these.
"""

from jaxnn.initializers._fixed import constant as constant
from jaxnn.initializers._fixed import dirac as dirac
from jaxnn.initializers._fixed import eye as eye
from jaxnn.initializers._fixed import ones as ones
from jaxnn.initializers._fixed import zeros as zeros
from jaxnn.initializers._orthogonal import orthogonal as orthogonal
from jaxnn.initializers._protocol import Initializer as Initializer
from jaxnn.initializers._scaled import calculate_gain as calculate_gain
from jaxnn.initializers._scaled import kaiming_normal as kaiming_normal
from jaxnn.initializers._scaled import kaiming_uniform as kaiming_uniform
from jaxnn.initializers._scaled import xavier_normal as xavier_normal
from jaxnn.initializers._scaled import xavier_uniform as xavier_uniform
from jaxnn.initializers._sparse import sparse as sparse
from jaxnn.initializers._spread import normal as normal
from jaxnn.initializers._spread import uniform as uniform
from jaxnn.initializers._truncated import trunc_normal as trunc_normal

for _public in (
    Initializer, calculate_gain, constant, dirac, eye, kaiming_normal, kaiming_uniform, normal,
    orthogonal, sparse, trunc_normal, uniform, xavier_normal, xavier_uniform,
):  # fmt: skip
    _public.__module__ = __name__  # where users find it, whatever file it stands in
