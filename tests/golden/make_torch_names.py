"""Write the public names of torch, in families, whether jaxnn.torch has them or not.

python tests/golden/make_torch_names.py
"""

import inspect
import json
import types
from collections import defaultdict
from collections.abc import Callable, Iterable
from importlib import import_module
from pathlib import Path
from typing import Any

import torch
from torch.overrides import get_overridable_functions
from torch.testing._internal.common_methods_invocations import op_db

FILE = Path(__file__).parents[2] / "jaxnn" / "torch" / "torch_names.json"

#: torch's modules besides itself.
MODULES = (
    *("nn.functional", "nn.init", "nn", "linalg", "special", "fft", "func", "random", "cuda"),
    *("optim", "autograd", "utils.data", "distributions"),
)

#: Families whose members are listed here; the others are told by ATen's schemas, see `TOLD`.
LISTED = {
    "creation": """
        asarray as_tensor from_numpy frombuffer tensor new new_tensor complex polar linspace
        logspace from_dlpack""",
    "linear algebra": """
        addbmm addmm addmv addr baddbmm block_diag bmm chain_matmul cholesky cholesky_inverse
        cholesky_solve cross det dist dot eig einsum geqrf ger inner inverse kron lobpcg logdet
        lstsq lu lu_solve lu_unpack matmul matrix_exp matrix_power mm mv norm orgqr ormqr outer
        pca_lowrank pinverse qr slogdet solve svd svd_lowrank symeig tensordot trace
        triangular_solve vdot""",
    "indexing and joining": """
        argwhere as_strided_scatter broadcast_tensors bucketize cartesian_prod cat column_stack
        combinations concat concatenate diag diag_embed diagflat diagonal_scatter dstack
        fill_diagonal flip fliplr flipud gather hstack index_add index_copy index_fill index_put
        index_reduce index_select isin masked_fill masked_scatter masked_select meshgrid nonzero
        nonzero_static put repeat repeat_interleave roll rot90 row_stack scatter scatter_add
        scatter_reduce searchsorted select_scatter slice_scatter stack take take_along_dim tile
        tril triu unique unique_consecutive vstack where""",
    "sorting, scans, statistics": """
        argsort bincount corrcoef cov cummax cummin cumprod cumsum diff histc histogram histogramdd
        kthvalue logcumsumexp median mode msort nanmean nanmedian nanquantile quantile sort topk""",
    "random": """
        Generator default_generator get_rng_state initial_seed manual_seed seed set_rng_state""",
}
FAMILY_OF = {name: title for title, names in LISTED.items() for name in names.split()}
FOR_OTHER_BACKENDS = ("sparse", "quantize", "qparams", "mkldnn", "miopen", "cudnn", "fbgemm", "q_")

ALIASES = {alias.name: op.name for op in op_db for alias in op.aliases}
OVERRIDABLE = {
    function for functions in get_overridable_functions().values() for function in functions
}


def overloads(name: str) -> list[Any]:
    """ATen's operators of a name."""
    packet = getattr(torch.ops.aten, name, None)
    if not isinstance(packet, torch._ops.OpOverloadPacket):
        return []
    return [getattr(packet, each) for each in packet.overloads()]


def _tagged(tag: Any) -> Callable[[str, list[Any]], bool]:
    return lambda name, found: any(tag in each.tags for each in found)


def _is_view(name: str, found: list[Any]) -> bool:
    aliases = [result.alias_info for each in found for result in each._schema.returns]
    return any(alias and not alias.is_write for alias in aliases)


def _is_creation(name: str, found: list[Any]) -> bool:
    if not any("Tensor" in str(result.type) for each in found for result in each._schema.returns):
        return False
    takes_tensors = any("Tensor" in str(each.type) for each in found[0]._schema.arguments)
    return not takes_tensors or name.endswith("_like") or name.startswith("new_")


#: Families that ATen's schemas tell.
TOLD = {
    "random": _tagged(torch.Tag.nondeterministic_seeded),
    "views": _is_view,
    "creation": _is_creation,
    "elementwise": _tagged(torch.Tag.pointwise),
    "reductions": _tagged(torch.Tag.reduction),
}


def family(owner: Any, name: str) -> str:
    """The family of a name of torch or of its tensors."""
    thing = getattr(owner, name, None)
    plain = name.removesuffix("_")
    plain = ALIASES.get(plain, plain)
    if any(part in name for part in FOR_OTHER_BACKENDS):
        return "for other backends"
    if plain.startswith("linalg."):
        return "linear algebra"
    if plain in FAMILY_OF:
        return FAMILY_OF[plain]
    if kind(thing) == "types and modules":
        return kind(thing)
    found = overloads(plain) or overloads(name)
    told = next((title for title, belongs in TOLD.items() if belongs(name, found)), None)
    if told is not None:
        return told
    is_operation = bool(found) or (callable(thing) and thing in OVERRIDABLE)
    return "other operations" if is_operation else "settings and attributes"


def kind(thing: Any) -> str:
    """The family of a name of one of torch's modules."""
    if inspect.isclass(thing) or isinstance(thing, types.ModuleType):
        return "types and modules"
    return "functions" if callable(thing) else "constants"


def grouped(names: Iterable[str], title: Callable[[str], str]) -> dict[str, list[str]]:
    """Names under their families' titles."""
    found = defaultdict(list)
    for name in names:
        found[title(name)].append(name)
    return dict(sorted(found.items()))


def public(names: Iterable[str]) -> list[str]:
    return sorted(name for name in names if not name.startswith("_"))


def is_own(module: types.ModuleType, name: str) -> bool:
    """Whether a name is the module's own, and nothing that it happens to import."""
    thing = getattr(module, name)
    if isinstance(thing, types.ModuleType):
        return thing.__name__.startswith(module.__name__ + ".")
    if not callable(thing):
        return module is torch
    is_torchs = (getattr(thing, "__module__", None) or "torch").split(".")[0] == "torch"
    is_imported = module is not torch and thing is torch.Tensor
    return is_torchs and not is_imported


def names_of(module: types.ModuleType) -> list[str]:
    """What a module offers."""
    listed = getattr(module, "__all__", ())
    return public({*listed, *(n for n in public(dir(module)) if is_own(module, n))})


def groups() -> dict[str, dict[str, list[str]]]:
    """The names of torch, of its tensors and of its modules, in families."""
    found = {
        "torch": grouped(names_of(torch), lambda name: family(torch, name)),
        "Tensor": grouped(public(dir(torch.Tensor)), lambda name: family(torch.Tensor, name)),
    }
    for each in MODULES:
        module = import_module(f"torch.{each}")
        found[each] = grouped(names_of(module), lambda name, m=module: kind(getattr(m, name)))
    return found


def main() -> None:
    release = torch.__version__.split("+")[0]
    rows = [f' "release": {json.dumps(release)}']
    rows += [f" {json.dumps(name)}: {_indented(group)}" for name, group in groups().items()]
    FILE.write_text("{\n" + ",\n".join(rows) + "\n}\n")


def _indented(group: dict[str, list[str]]) -> str:
    rows = [f"  {json.dumps(title)}: {json.dumps(names)}" for title, names in group.items()]
    return "{\n" + ",\n".join(rows) + "\n }"


if __name__ == "__main__":
    main()
