"""The operations, a family a file, each mostly a table of what `operation.define` builds."""

# These attach methods and operators to the tensor and have no functions of their own.
from jaxnn.torch.operations import casting as casting
from jaxnn.torch.operations import indexing as indexing
from jaxnn.torch.operations import operators as operators
from jaxnn.torch.operations import refilling as refilling
from jaxnn.torch.operations import renewal as renewal
