"""What hyper-parameters may be, and which of them are known before the program runs."""

from collections.abc import Callable
from numbers import Real
from typing import Any, NamedTuple

import numpy as np
from jax import Array
from jax.core import Tracer

from jaxnn._checks import complaint, describe


class Bound(NamedTuple):
    """What a number must be: in words, as a question, and one that is."""

    words: str
    holds: Callable[[Any], Any]
    instead: float


NOT_NEGATIVE = Bound("0 or more", lambda x: x >= 0, 0)
POSITIVE = Bound("above 0", lambda x: x > 0, 1)
BELOW_1 = Bound("in [0, 1)", lambda x: 0 <= x < 1, 0)
SHARE = Bound("in [0, 1]", lambda x: 0 <= x <= 1, 0.5)
POSITIVE_SHARE = Bound("in (0, 1]", lambda x: 0 < x <= 1, 1)
STEPS = Bound("a whole number of steps, 1 or more", lambda x: x >= 1 and x % 1 == 0, 1)
STEPS_OR_NONE = Bound("a whole number of steps, 0 or more", lambda x: x >= 0 and x % 1 == 0, 0)
NO_NAN = Bound("a number or inf", lambda x: x == x, 2)
FACTOR = NO_NAN._replace(instead=0.1)


def check(function: str, bound: Bound, **values: Any) -> None:
    """Refuse what is not one number within bounds.

    Traced numbers pass: what they will be is not known here.

    Raises:
        TypeError: It is no real number or array of these.
        ValueError: It is out of bounds, or more than one.
    """
    for name, value in values.items():
        if not _is_real(value):
            must, came = f"{name} must be a number", f"a {type(value).__name__}"
            instead = f"use {name}={bound.instead}"
            raise TypeError(complaint(function, must, came, instead))
        if isinstance(value, Tracer) and not value.ndim:
            continue
        if np.ndim(value):
            must, instead = f"{name} must be one number", "use jax.vmap over many"
            raise ValueError(complaint(function, must, describe(value), instead))
        if not bound.holds(np.asarray(value)):  # of which a jitted program asks nothing of JAX
            must, instead = f"{name} must be {bound.words}", f"use {name}={bound.instead}"
            raise ValueError(complaint(function, must, str(value), instead))


def check_scheduled(function: str, bound: Bound, **values: Any) -> None:
    """`check` those that are no schedules, whose numbers are not known here."""
    check(function, bound, **{name: x for name, x in values.items() if not callable(x)})


def _is_real(value: Any) -> bool:
    is_array = hasattr(value, "dtype") and not np.iscomplexobj(value)
    return is_array or isinstance(value, Real)


def check_known(function: str, **values: Any) -> None:
    """Refuse what is traced where the program's shape depends on it, with a TypeError."""
    for name, value in values.items():
        if isinstance(value, Tracer):
            must, came = f"{name} must be known when the program is traced", describe(value)
            instead = f"give Python's number, in optax.inject_hyperparams with static_args={name!r}"
            raise TypeError(complaint(function, must, f"a traced {came}", instead))


def is_zero(value: Any) -> bool:
    """Whether a hyper-parameter is 0 once and for all.

    Arrays and schedules may be another number the next time; the formula has to hold for either.
    """
    return not isinstance(value, Array) and not callable(value) and bool(value == 0)
