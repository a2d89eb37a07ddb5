"""Normalizations, distances, embeddings and attention against what make_normalizations.py kept."""

import functools
from pathlib import Path
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest

import jaxnn
from tests.activation_cases import UNOPTIMISED
from tests.comparison import assert_close
from tests.normalization_cases import CASES, WIDE_DTYPES, Case, inputs, value_and_gradients

GOLDEN = np.load(Path(__file__).parent / "golden" / "normalizations.npz")


@functools.partial(jax.jit, compiler_options=UNOPTIMISED)
def every_case(given: list[Any]) -> list[tuple[jax.Array, ...]]:
    """Values and gradients of every case, in one program."""
    return [value_and_gradients(case, arrays) for case, arrays in zip(CASES, given, strict=True)]


@functools.cache
def ours(dtype: str) -> dict[Case, tuple[jax.Array, ...]]:
    """What a dtype's inputs make of every case."""
    with jax.enable_x64(dtype == "float64"):
        return dict(zip(CASES, every_case([inputs(case, dtype) for case in CASES]), strict=True))


def test_every_golden_case_is_tested():
    assert {key.split("|")[0] for key in GOLDEN if key != "torch"} == set(map(str, CASES))


@pytest.mark.parametrize("dtype", WIDE_DTYPES)
@pytest.mark.parametrize("case", CASES, ids=str)
def test_agrees_with_torch(case: Case, dtype: str):
    for order, actual in enumerate(ours(dtype)[case]):
        expected = GOLDEN[f"{case}|{dtype}|{order}"]
        assert_close(actual, expected, atol=64 * float(jnp.finfo(dtype).eps))


def test_a_query_that_sees_no_key_gets_nothing():
    query, key, value = jnp.ones((2, 4)), jnp.ones((3, 4)), jnp.ones((3, 5))
    mask = jnp.array([[True, False, True], [False, False, False]])

    def total(query: jax.Array) -> jax.Array:
        return jaxnn.scaled_dot_product_attention(query, key, value, mask=mask).sum()

    attended = jaxnn.scaled_dot_product_attention(query, key, value, mask=mask)
    assert attended.tolist() == [[1.0] * 5, [0.0] * 5]
    assert not np.isnan(jax.grad(total)(query)).any()


def test_what_is_no_row_is_nan():
    table = jnp.ones((2, 3))
    rows = jaxnn.embedding(jnp.array([1, 2, -1]), table)
    assert np.isnan(rows).all(axis=1).tolist() == [False, True, True]
    assert jaxnn.one_hot(jnp.array([1, 2, -1]), 2).tolist() == [[0, 1], [0, 0], [0, 0]]


def test_numpy_indices_serve_one_program_in_either_mode():
    """JAX alone would hand the second program the 64-bit indices of the first."""
    indices = np.array([1, 0])

    @jax.jit
    def rows(table: jax.Array) -> jax.Array:
        return jaxnn.embedding(indices, table, scale_grad_by_freq=True)

    for wide in (True, False):
        with jax.enable_x64(wide):
            assert rows(jnp.array([[0.0], [1.0]])).tolist() == [[1.0], [0.0]]


def test_batch_norm_remembers_nothing_of_an_empty_batch():
    seen = jaxnn.Statistics(jnp.zeros(2), jnp.ones(2))
    y, then = jaxnn.batch_norm(jnp.ones((0, 2)), seen, training=True)
    assert y.shape == (0, 2)
    assert then is seen


@pytest.mark.parametrize("shape", [(2, 3), (2, 3, 1), (2, 3, 1, 1)])
def test_instance_norm_refuses_one_number_for_each_channel(shape):
    with pytest.raises(ValueError) as error:
        jaxnn.instance_norm(jnp.ones(shape))
    assert str(error.value) == (
        "instance_norm: x must have more than one number for each channel of a sample; "
        f"got f32[{','.join(map(str, shape))}]; "
        "use layer_norm(x, x.shape[1:]) to normalize over the channels"
    )


@pytest.mark.parametrize("shape", [(1, 2), (1, 2, 1, 1)])
def test_batch_norm_refuses_one_number_for_each_channel(shape):
    """Its unbiased variance would be 0 / 0, and the statistics nan ever after."""
    seen = jaxnn.Statistics(jnp.zeros(2), jnp.ones(2))
    with pytest.raises(ValueError) as error:
        jaxnn.batch_norm(jnp.ones(shape), seen, training=True)
    assert str(error.value) == (
        "batch_norm: there must be more than one number for each channel in training; "
        f"got f32[{','.join(map(str, shape))}]; leave such a batch out, as with drop_last=True"
    )
    assert jaxnn.batch_norm(jnp.ones(shape), seen, eps=0.0)[0].tolist() == np.ones(shape).tolist()
