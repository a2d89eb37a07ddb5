"""Parameters in files: safetensors, and torch's own, read and written without torch.

Examples:
    >>> import tempfile
    >>> from pathlib import Path
    >>> import jax
    >>> import jaxnn
    >>> from jaxnn import checkpoint
    >>> params = jaxnn.init_mlp(jax.random.key(0), (2, 16, 1))
    >>> path = Path(tempfile.mkdtemp()) / "model.safetensors"
    >>> checkpoint.save(path, checkpoint.to_state_dict(params))
    >>> params = checkpoint.from_state_dict(checkpoint.load(path), params)
"""

from jaxnn.checkpoint.state_dicts import from_state_dict as from_state_dict
from jaxnn.checkpoint.state_dicts import to_state_dict as to_state_dict
from jaxnn.checkpoint.tensors import load as load
from jaxnn.checkpoint.tensors import save as save
from jaxnn.checkpoint.torch_files import load_torch as load_torch
from jaxnn.checkpoint.torch_writing import save_torch as save_torch

for _public in (
    from_state_dict,
    load,
    load_torch,
    save,
    save_torch,
    to_state_dict,
):
    _public.__module__ = __name__  # where users find it, whatever file it stands in
