"""Activation functions, named as in ``torch.nn.functional``, each right at 0, ±inf and nan.

Every one of them takes floating point of any width and returns the same. Values and derivatives are
torch's; where torch gives nan though there is a limit, they are the limit. At a kink the derivative
is the one that torch chose; at nan it is that of torch's vectorised loops, nan or 0 where its loop
over the last few elements of an array may give 1.
"""

from jaxnn.activations._gated import gelu as gelu
from jaxnn.activations._gated import glu as glu
from jaxnn.activations._gated import mish as mish
from jaxnn.activations._gated import silu as silu
from jaxnn.activations._normalizers import identity as identity
from jaxnn.activations._normalizers import log_softmax as log_softmax
from jaxnn.activations._normalizers import softmax as softmax
from jaxnn.activations._normalizers import softmin as softmin
from jaxnn.activations._piecewise import hardshrink as hardshrink
from jaxnn.activations._piecewise import hardsigmoid as hardsigmoid
from jaxnn.activations._piecewise import hardswish as hardswish
from jaxnn.activations._piecewise import hardtanh as hardtanh
from jaxnn.activations._piecewise import relu6 as relu6
from jaxnn.activations._piecewise import softshrink as softshrink
from jaxnn.activations._rectifiers import celu as celu
from jaxnn.activations._rectifiers import elu as elu
from jaxnn.activations._rectifiers import leaky_relu as leaky_relu
from jaxnn.activations._rectifiers import prelu as prelu
from jaxnn.activations._rectifiers import relu as relu
from jaxnn.activations._rectifiers import selu as selu
from jaxnn.activations._rectifiers import threshold as threshold
from jaxnn.activations._sigmoidal import logsigmoid as logsigmoid
from jaxnn.activations._sigmoidal import sigmoid as sigmoid
from jaxnn.activations._sigmoidal import softplus as softplus
from jaxnn.activations._sigmoidal import softsign as softsign
from jaxnn.activations._sigmoidal import tanh as tanh
from jaxnn.activations._sigmoidal import tanhshrink as tanhshrink
