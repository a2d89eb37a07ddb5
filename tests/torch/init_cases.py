"""Programs with ``nn.init``, run by torch and by the adapter alike: what they give, and say."""

import hashlib
import warnings
from typing import Any

import numpy as np

SETUP = "t = torch.empty; init = torch.nn.init; g = torch.Generator().manual_seed(3)"

# What each leaves in a tensor, and where the default generator and g stand then.
CALLS = [
    "init.uniform_(t(5, 7), -0.3, 2.7)",
    "init.uniform_(t(5, 7), generator=g)",
    "init.normal_(t(5, 7), 0.5, 2.0)",
    "init.normal_(t(7, 5).t(), generator=g)",
    "init.constant_(t(3), 0.25)",
    "init.constant_(t(3), torch.tensor(2.0))",
    "init.constant_(t(3, dtype=torch.int32), 0.5)",
    "init.ones_(t(3, dtype=torch.bool))",
    "init.zeros_(t(2, 3))",
    "init.eye_(t(3, 5))",
    "init.eye_(t(5, 3, dtype=torch.int64).t())",
    "init.dirac_(t(4, 3, 3))",
    "init.dirac_(t(6, 2, 3, 4), 3)",
    "init.dirac_(t(2, 3, 3, 1, 2, dtype=torch.float64))",
    "init.xavier_uniform_(t(5, 7), 0.7)",
    "init.xavier_uniform_(t(7, 5).t(), generator=g)",
    "init.xavier_uniform_(t(0, 3))",
    "init.xavier_normal_(t(5, 7, 2), generator=g)",
    "init.xavier_normal_(t(7, 5).t())",
    "init.kaiming_uniform_(t(5, 7), a=5 ** 0.5)",
    "init.kaiming_uniform_(t(2, 3), mode='FAN_OUT', nonlinearity='relu', generator=g)",
    "init.kaiming_normal_(t(7, 5).t(), nonlinearity='selu')",
    "init.kaiming_normal_(t(5, 7, dtype=torch.float64), mode='fan_out')",
    "init.trunc_normal_(t(50, 7), std=2.0, generator=g)",
    "init.trunc_normal_(t(7, 50).t(), std=2.0)",
    "init.trunc_normal_(t(40, 14)[:, ::2], 0.5, 1.0, -1.0, 1.0)",
    "init.trunc_normal_(t(50, 7), 0.5, 1.3, 2.7, 4.0)",
    "init.trunc_normal_(t(7, 50).t(), 0.5, 1.3, 2.7, 4.0, generator=g)",
    "init.trunc_normal_(t(50, 7, dtype=torch.bfloat16), 0.37, 0.77, -3.0, -0.3)",
    "init.trunc_normal_(t(3), std=-1.0)",
    "init.orthogonal_(t(0, 2))",
    "init.sparse_(t(20, 7), 0.31)",
    "init.sparse_(t(20, 7), 0.31, 2.0, g)",
    "init.sparse_(t(7, 20).t(), 0.5)",
    "init.sparse_(t(3, 2), 2.0)",
    "init.sparse_(t(3, 2), -0.5)",
]
OLD_NAMES = (
    "uniform normal eye xavier_uniform xavier_normal kaiming_uniform kaiming_normal orthogonal"
)
# What each gives, or the error that it raises, with its warnings.
MESSAGES = [
    "init.calculate_gain('conv_transpose2d')",
    "init.calculate_gain('sigmoid')",
    "init.calculate_gain('tanh')",
    "init.calculate_gain('relu')",
    "init.calculate_gain('leaky_relu')",
    "init.calculate_gain('leaky_relu', 1)",
    "init.calculate_gain('selu')",
    "init.calculate_gain('gelu')",
    "init.calculate_gain('leaky_relu', True)",
    "init.calculate_gain('leaky_relu', 'steep')",
    "init.uniform_(t(3), 2, 1)",
    "init.uniform_([1.0])",
    "init.uniform_(t(3, dtype=torch.int32))",
    "init.normal_(t(3), 0, -1)",
    "init.normal_(None)",
    "init.eye_(t(3))",
    "init.dirac_(t(3, 2))",
    "init.dirac_(t(3, 2, 2), 2)",
    "init.dirac_(t(3, 2, 2), 0)",
    "init.xavier_uniform_(t(3))",
    "init.xavier_uniform_(t(0, 0))",
    "init.xavier_normal_([1.0])",
    "init.kaiming_uniform_(t(0, 3)).shape",
    "init.kaiming_normal_(t(0, 3)).shape",
    "init.kaiming_uniform_(t(()))",
    "init.kaiming_uniform_(t(2, 3), mode='fan')",
    "init.kaiming_uniform_(t(2, 3), nonlinearity='gelu')",
    "init.kaiming_uniform_(t(2, 3), a='steep')",
    "init.trunc_normal_(t(3), std=0)",
    "init.trunc_normal_(t(3), a=1, b=0)",
    "init.trunc_normal_(t(3), mean=5).shape",
    "init.trunc_normal_(t(3, dtype=torch.int32))",
    "init.orthogonal_(t(3))",
    "init.orthogonal_(t(3, 2, dtype=torch.float16))",
    "init.orthogonal_(t(3, 2, dtype=torch.int32))",
    "init.orthogonal_(t(2, 3, 4).permute(0, 2, 1))",
    "init.sparse_(t(3), 0.1)",
    "init.sparse_(t(3, 2))",
    "init._calculate_fan_in_and_fan_out(t(3, 2, 5))",
    *(f"init.{name}(t(2, 3)).shape" for name in OLD_NAMES.split()),
    "init.constant(t(3), 2.0)",
    "init.dirac(t(3, 1, 1)).shape",
    "init.sparse(t(3, 2), 0.5).shape",
]


def run(program: str, torch: Any) -> tuple[Any, Any]:
    """What a program gives with one torch or the other, and its own generator."""
    names: dict[str, Any] = {"torch": torch}
    torch.manual_seed(0)
    exec(SETUP, names)
    return eval(program, names), names["g"]


def said(program: str, torch: Any) -> str:
    """A program's value or its error, and its warnings, as text."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            text = repr(run(program, torch)[0])
        except Exception as error:
            text = f"{type(error).__name__}: {error}"
    return "\n".join([text, *(f"{w.category.__name__}: {w.message}" for w in caught)])


def digest_of(array: np.ndarray, *states: bytes) -> str:
    """An array, and where the generators stand, short enough to be kept many times."""
    checksum = hashlib.sha256(f"{array.shape}{array.dtype}".encode())
    for data in (np.ascontiguousarray(array).tobytes(), *states):
        checksum.update(data)
    return checksum.hexdigest()
