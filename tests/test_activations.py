"""Activations against torch's values and gradients, recorded by golden/make_activations.py."""

import functools
from collections.abc import Callable
from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from jax.test_util import check_grads

import jaxnn
from tests.activation_cases import (
    ALONG_AN_AXIS,
    DTYPES,
    ELEMENTWISE,
    Case,
    assert_agrees,
    values_and_gradients,
)
from tests.comparison import assert_close

GOLDEN = np.load(Path(__file__).parent / "golden" / "activations.npz")
EVERY = ELEMENTWISE + ALONG_AN_AXIS
SMOOTH_TAILS = ("tanh", "silu", "mish")


def golden(case: Case, dtype: str, part: str) -> np.ndarray:
    """The recorded x, cotangent, value or gradient."""
    return GOLDEN[f"{case}|{dtype}|{part}"].view(jnp.dtype(dtype))


@functools.cache
def ours(dtype: str, inputs: str) -> dict[Case, tuple]:
    """Value and gradient of every case in a dtype, at the inputs recorded for a dtype."""
    with jax.enable_x64(dtype == "float64"):
        xs, cotangents = (
            [jnp.asarray(golden(case, inputs, part).astype(dtype)) for case in EVERY]
            for part in ("x", "cotangent")
        )
        return dict(zip(EVERY, values_and_gradients(EVERY, xs, cotangents), strict=True))


def test_every_golden_family_has_its_case():
    families = {key.split("|")[0] for key in GOLDEN if key != "torch"}
    assert families == set(map(str, EVERY))
    names = {name for name in dir(jaxnn.activations) if not name.startswith("_")}
    assert {case.name for case in EVERY} | {"identity"} == names


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("case", EVERY, ids=str)
def test_agrees_with_torch(case: Case, dtype: str):
    torchs = golden(case, dtype, "value"), golden(case, dtype, "gradient")
    assert_agrees(case, golden(case, dtype, "x"), ours(dtype, dtype)[case], torchs)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("case", ELEMENTWISE, ids=str)
def test_gradient_at_nan(case: Case, dtype: str):
    x, gradient = golden(case, dtype, "x"), np.asarray(ours(dtype, dtype)[case][1])
    assert_close(gradient[np.isnan(x)], golden(case, dtype, "gradient at nan"))


@pytest.mark.parametrize("case", ELEMENTWISE, ids=str)
def test_is_defined_at_every_number(case: Case):
    """Values at finite numbers and derivatives at all numbers are finite, and nan stays nan."""
    x = golden(case, "float32", "x")
    value, derivative = map(np.asarray, ours("float32", "float32")[case])
    assert np.isfinite(value[np.isfinite(x)]).all()
    assert not np.isnan(value[np.isinf(x)]).any()
    assert np.isfinite(derivative[~np.isnan(x)]).all()
    assert np.isnan(value[np.isnan(x)]).all()


OPTIONS = [
    ("leaky_relu", {"negative_slope": 0.3}),
    ("prelu", {"weight": 0.3}),
    ("elu", {"alpha": 0.3}),
    ("celu", {"alpha": 0.3}),
    ("softplus", {"beta": 0.3, "threshold": 20.0}),
    ("softshrink", {"lambd": 0.3}),
    ("hardshrink", {"lambd": 0.3}),
    ("threshold", {"threshold": 0.3, "value": 0.5}),
    ("hardtanh", {"min_val": -0.3, "max_val": 0.5}),
]


@pytest.mark.parametrize("wide", [np.float64, jnp.float64], ids=["NumPy", "JAX"])
@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize(("name", "options"), OPTIONS)
def test_an_option_does_not_widen_the_result(name: str, options: dict, dtype: str, wide: Callable):
    with jax.enable_x64(True):
        x = jnp.linspace(-1, 1, 7, dtype=dtype)
        result = getattr(jaxnn, name)(x, **jax.tree.map(wide, options))
        assert_close(result, np.asarray(getattr(jaxnn, name)(x, **options)))


@pytest.mark.parametrize(("name", "options"), OPTIONS)
def test_options_can_be_learned(name: str, options: dict, seed: int):
    """A traced option has its gradient too."""
    with jax.enable_x64(True):
        x = jnp.asarray(np.random.default_rng(seed).normal(size=20))

        def total(options: dict) -> jax.Array:
            return (getattr(jaxnn, name)(x, **options) * jnp.sin(jnp.arange(20.0))).sum()

        check_grads(total, [jax.tree.map(jnp.asarray, options)], order=1)


@pytest.mark.parametrize("half", ["float16", "bfloat16"])
@pytest.mark.parametrize("case", EVERY, ids=str)
def test_half_precision_is_single_precision_rounded_once(case: Case, half: str):
    for narrow, wide in zip(ours(half, half)[case], ours("float32", half)[case], strict=True):
        assert_close(narrow, wide.astype(half), ulp=1)


@pytest.mark.parametrize("case", [c for c in ELEMENTWISE if c.name != "tanhshrink"], ids=str)
def test_keeps_its_digits_in_the_tails(case: Case):
    """float32 against float64: relative to the value, however small; only tanhshrink cancels."""
    single, double = (ours(dtype, "float32")[case][0] for dtype in ("float32", "float64"))
    tiny = float(jnp.finfo(np.float32).tiny)
    # GELU's opening is taken for 0 by XLA though its product with x would not be.
    lost = 100 * tiny if case.name == "gelu" else tiny
    assert_close(single, double.astype(np.float32), ulp=64, atol=lost)


@pytest.mark.parametrize("case", [c for c in ELEMENTWISE if c.name in SMOOTH_TAILS], ids=str)
def test_derivative_keeps_its_digits_in_the_tails(case: Case):
    """float32 against float64, away from where the derivative passes 0."""
    tail = np.abs(golden(case, "float32", "x")) >= 5
    single, double = (np.asarray(ours(t, "float32")[case][1])[tail] for t in ("float32", "float64"))
    tiny = float(jnp.finfo(np.float32).tiny)
    assert_close(single, double.astype(np.float32), ulp=64, atol=tiny)
