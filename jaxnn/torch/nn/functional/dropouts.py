"""The functions of ``torch.nn.functional`` that draw random numbers."""

import warnings
from collections.abc import Callable

from jaxnn.torch.layouts import wrap_dim
from jaxnn.torch.operations.creation.creation import empty, zeros_like
from jaxnn.torch.operations.definition.arguments import require_tensor
from jaxnn.torch.operations.drawing import dropping
from jaxnn.torch.operations.reductions import softening
from jaxnn.torch.tensor import Tensor

_SPATIAL = (
    "Note that {name} exists to provide channel-wise dropout on inputs with {n} spatial "
    "dimension{s}, a channel dimension, and an optional batch dimension (i.e. {low}D or {high}D "
    "inputs)."
)
_DEPRECATED = (
    "{name}: Received a {ndim}-D input to {name}, which is deprecated and will result in an error "
    "in a future release. To retain the behavior and silence this warning, please use dropout "
    "instead. "
)
_AMBIGUOUS = (
    "dropout2d: Received a 3D input to dropout2d and assuming that channel-wise 1D dropout "
    "behavior is desired - input is interpreted as shape (N, C, L), where C is the channel dim. "
    "This behavior will change in a future release to interpret the input as one without a batch "
    "dimension, i.e. shape (C, H, W). To maintain the 1D channel-wise dropout behavior, please "
    "switch to using dropout1d instead."
)


def _check(p: float) -> None:
    if p < 0.0 or p > 1.0:
        raise ValueError(f"dropout probability has to be between 0 and 1, but got {p}")


def dropout(input: Tensor, p: float = 0.5, training: bool = True, inplace: bool = False) -> Tensor:
    """In training, elements become 0 with probability ``p``, the rest grows by 1 / (1 - p).

    Which do is torch's choice, bit for bit.

    >>> import jaxnn.torch as torch
    >>> _ = torch.manual_seed(0)
    >>> torch.nn.functional.dropout(torch.ones(6))
    tensor([0., 0., 2., 0., 0., 0.])

    Source: ``torch.nn.functional.dropout``.
    """
    _check(p)
    return (dropping.dropout_ if inplace else dropping.dropout)(input, p, training)


def alpha_dropout(
    input: Tensor, p: float = 0.5, training: bool = False, inplace: bool = False
) -> Tensor:
    """In training, dropout after ``selu`` that keeps mean and variance.

    Source: ``torch.nn.functional.alpha_dropout``.
    """
    _check(p)
    return (dropping.alpha_dropout_ if inplace else dropping.alpha_dropout)(input, p, training)


def feature_alpha_dropout(
    input: Tensor, p: float = 0.5, training: bool = False, inplace: bool = False
) -> Tensor:
    """In training, `alpha_dropout` of whole channels: of shape (N, C, ...).

    Source: ``torch.nn.functional.feature_alpha_dropout``.
    """
    _check(p)
    drop = dropping.feature_alpha_dropout_ if inplace else dropping.feature_alpha_dropout
    return drop(input, p, training)


def _spatial(n: int, check: Callable[[int], bool]) -> Callable[..., Tensor]:
    """Dropout of whole channels with n spatial dimensions.

    ``check`` of the number of dimensions says whether one is added in front, for the batch.
    """
    name = f"dropout{n}d"

    def drop(input: Tensor, p: float = 0.5, training: bool = True, inplace: bool = False) -> Tensor:
        _check(p)
        unbatched = check(input.ndim)
        if not unbatched:
            return (dropping.feature_dropout_ if inplace else dropping.feature_dropout)(
                input, p, training
            )
        if inplace:
            return dropping.feature_dropout_(input.unsqueeze_(0), p, training).squeeze_(0)
        return dropping.feature_dropout(input.unsqueeze(0), p, training).squeeze(0)

    drop.__name__ = drop.__qualname__ = name
    drop.__doc__ = (
        f"In training, channels with {n} spatial dimension{'s' * (n > 1)} become 0 with "
        f"probability ``p``.\n\nSource: ``torch.nn.functional.{name}``."
    )
    return drop


def _advice(n: int) -> str:
    words = {"name": f"dropout{n}d", "n": n, "s": "s" * (n > 1), "low": n + 1, "high": n + 2}
    return _SPATIAL.format(**words)


def _without_batch_1d(ndim: int) -> bool:
    if ndim not in (2, 3):
        raise RuntimeError(
            f"dropout1d: Expected 2D or 3D input, but received a {ndim}D input. {_advice(1)}"
        )
    return ndim == 2


def _without_batch_2d(ndim: int) -> bool:
    if ndim not in (3, 4):
        warnings.warn(_DEPRECATED.format(name="dropout2d", ndim=ndim) + _advice(2), stacklevel=3)
    if ndim == 3:
        warnings.warn(_AMBIGUOUS, stacklevel=3)
    return False


def _without_batch_3d(ndim: int) -> bool:
    if ndim not in (4, 5):
        warnings.warn(_DEPRECATED.format(name="dropout3d", ndim=ndim) + _advice(3), stacklevel=3)
    return ndim != 5


dropout1d = _spatial(1, _without_batch_1d)
dropout2d = _spatial(2, _without_batch_2d)
dropout3d = _spatial(3, _without_batch_3d)


def rrelu(
    input: Tensor,
    lower: float = 1.0 / 8,
    upper: float = 1.0 / 3,
    training: bool = False,
    inplace: bool = False,
) -> Tensor:
    """Each element, or where it is not above 0, a part of it: in training a random one.

    Source: ``torch.nn.functional.rrelu``.
    """
    return (dropping.rrelu_ if inplace else dropping.rrelu)(input, lower, upper, training)


def gumbel_softmax(
    logits: Tensor, tau: float = 1, hard: bool = False, eps: float = 1e-10, dim: int = -1
) -> Tensor:
    """A random category by its logits, as shares that `tau` sharpens; or, if hard, as one 1.

    The exponential numbers are torch's to the bit; their logarithms and the softmax are XLA's, so
    the result is torch's to a few units in the last place.

    Source: ``torch.nn.functional.gumbel_softmax``.
    """
    if eps != 1e-10:
        warnings.warn("`eps` parameter is deprecated and has no effect.", stacklevel=2)
    logits = require_tensor(logits, "empty_like", "input", 1)
    wrap_dim(dim, logits.ndim)  # raises before anything is drawn
    gumbels = -empty(logits.shape, dtype=logits.dtype).exponential_().log()
    soft = softening.softmax((logits + gumbels) / tau, dim)
    if not hard:
        return soft
    chosen = soft.max(dim, keepdim=True)[1]
    return zeros_like(logits).scatter_(dim, chosen, 1.0) - soft + soft
