"""``torch.serialization``: files of tensors, which torch reads and writes too."""

from jaxnn.torch.serialization.loading import load as load
from jaxnn.torch.serialization.saving import save as save
