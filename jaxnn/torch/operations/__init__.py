"""The operations, a family a file, each mostly a table of what `operation.define` builds.

All of them stand on ``definition``. On top of it ``elements``, then ``creation``, then ``views``,
``matrices`` and ``indexing``, and at last ``reductions``, ``drawing`` and ``networks`` use what is
below them and nothing above.
"""

# These attach methods and operators to the tensor and have no functions of their own.
from jaxnn.torch.operations import operators as operators
from jaxnn.torch.operations.creation import casting as casting
from jaxnn.torch.operations.creation import renewal as renewal
from jaxnn.torch.operations.drawing import refilling as refilling
from jaxnn.torch.operations.indexing import indexing as indexing
