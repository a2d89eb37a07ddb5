"""Batches that come one after another: whose arrays they are, and what a loader draws for them."""

from collections.abc import Iterator
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest

import jaxnn
from jaxnn.data import base_seed
from jaxnn.random import Generator
from jaxnn.training import evaluate
from tests.training.lines import LINE, X, Y, assert_same, fit_line, line_loss

HALVES = [(X[:5], Y[:5]), (X[5:], Y[5:])]


def fit_stream(batches: Any, **options: Any) -> Any:
    """`fit_line` over batches that come as they are."""
    return fit_line(data=batches, batch_size=None, **options)


class Foreign:
    """An array of a library that JAX does not know, of which a batch is made."""

    def __init__(self, array: np.ndarray) -> None:
        self.array, self.shape, self.dtype = array, array.shape, "foreign"

    def __array__(self, dtype: Any = None, copy: Any = None) -> np.ndarray:
        return self.array


class Exported:
    """An array that only gives itself away by dlpack."""

    def __init__(self, array: np.ndarray) -> None:
        self.array, self.shape = array, array.shape

    def __array__(self, dtype: Any = None, copy: Any = None) -> np.ndarray:
        raise TypeError("not of a type that NumPy has")

    def __dlpack__(self, **options: Any) -> Any:
        return self.array.__dlpack__()

    def __dlpack_device__(self) -> Any:
        return self.array.__dlpack_device__()


@pytest.mark.parametrize("library", [Foreign, Exported])
def test_arrays_may_be_of_any_library(library):
    batches: Any = [[library(np.array(leaf)) for leaf in pair] for pair in HALVES]
    assert_same(fit_stream(batches), fit_stream(HALVES))
    whole = library(np.array(X)), library(np.array(Y))
    assert_same(fit_line(data=whole, validation=whole), fit_line(validation=(X, Y)))
    measured = evaluate(line_loss, LINE, batches)
    np.testing.assert_array_equal(measured, evaluate(line_loss, LINE, HALVES))


class Refilled:
    """Batches in the same arrays again and again."""

    def __init__(self, size: int) -> None:
        aligned = np.empty(2 * 4 * size + 64, np.uint8)
        start = -aligned.ctypes.data % 64  # where a device of the host would take the memory itself
        self.x, self.y = aligned[start : start + 8 * size].view(np.float32).reshape(2, size)

    def __iter__(self) -> Any:
        for i in range(8):
            self.x[:], self.y[:] = i, 2 * i
            yield self.x, self.y


def test_arrays_may_be_filled_again():
    batches = [(x.copy(), y.copy()) for x, y in Refilled(64)]
    assert_same(fit_stream(Refilled(64), epochs=1), fit_stream(batches, epochs=1))


def test_a_stream_is_made_under_the_settings_of_the_caller():
    seen = []

    class Batches:
        def __iter__(self) -> Any:
            x = jnp.array([2.0**40 + 1])
            seen.append((x.dtype, jnp.ones(1).devices()))
            yield x, np.array([2.0**40 + 1])

    def loss(params: Any, x: jax.Array, y: jax.Array) -> jax.Array:
        return jnp.mean(params["slope"] * 0 + x + y)

    device = jax.devices()[-1]
    with jax.enable_x64(True), jax.default_device(device):
        params = {"slope": np.float64(0)}
        result = fit_stream(Batches(), loss=loss, params=params, epochs=1)
    assert result.losses.tolist() == [2.0**41 + 2]
    assert seen == [(np.float64, {device})]


def noisy_loss(params: Any, x: Any, y: Any, rng: Any) -> jax.Array:
    return line_loss(params, x, y) + (0.0 if rng is None else jaxnn.random.uniform(rng))


def drawn(seed: int, epochs: int, *, before: bool, after: bool) -> tuple[list[float], bytes]:
    """What a loss draws in two steps of each epoch, where loaders draw around them."""
    generator, noise = Generator().manual_seed(seed), []
    for _ in range(epochs):
        if before:
            base_seed(generator)
        noise += [float(jaxnn.random.uniform(generator)) for _ in HALVES]
        if after:
            base_seed(generator)
    return noise, generator.get_state()


class Unknown:
    """A loader that knows its length only when it has been gone through, as one of torch's may."""

    def __iter__(self) -> Iterator[Any]:
        return iter(HALVES)

    def __len__(self) -> int:
        raise TypeError("it has no length")


def test_a_stream_may_not_know_its_length():
    result, expected = fit_stream(Unknown()), fit_stream(HALVES)
    assert result.losses.tolist() == expected.losses.tolist()
    assert result.steps_per_epoch == expected.steps_per_epoch


class Loader:
    """Batches that are shuffled by a generator of their own."""

    generator = object()

    def __iter__(self) -> Any:
        return iter(HALVES)


@pytest.mark.parametrize("before", [False, True])
@pytest.mark.parametrize("after", [False, True])
def test_batches_that_are_gone_through_draw_a_base_seed(before, after):
    generator = Generator().manual_seed(5)
    result = fit_stream(
        HALVES if before else Loader(), loss=noisy_loss, rng=generator, epochs=2,
        validation=HALVES if after else (X, Y),
    )  # fmt: skip
    plain = fit_stream(HALVES, epochs=2)
    noise, state = drawn(5, 2, before=before, after=after)
    np.testing.assert_allclose(result.losses - plain.losses, noise, atol=1e-5)
    assert generator.get_state() == state


def test_a_validation_that_is_called_or_has_its_own_generator_draws_nothing():
    for validation in (Loader(), lambda params: 0.0):
        generator = Generator().manual_seed(5)
        fit_stream(Loader(), rng=generator, validation=validation)
        assert generator.get_state() == Generator().manual_seed(5).get_state()


def test_each_network_draws_its_own_base_seed():
    generators = jax.vmap(lambda seed: Generator().manual_seed(seed))(np.arange(2))
    params = jax.tree.map(lambda leaf: jnp.stack([leaf, leaf]), LINE)
    fit_line(params=params, rng=generators, validation=HALVES)
    for i in range(2):
        alone = Generator().manual_seed(i)
        fit_line(rng=alone, validation=HALVES)
        each = jax.tree.map(lambda leaf, i=i: leaf[i], generators)
        assert each.get_state() == alone.get_state()


def test_a_run_goes_on_after_a_loader_of_validation(tmp_path):
    def run(epochs: int, checkpoint: Any) -> tuple[Any, bytes]:
        generator = Generator().manual_seed(2)
        result = fit_line(
            loss=noisy_loss, rng=generator, epochs=epochs, validation=HALVES, checkpoint=checkpoint
        )
        return result, generator.get_state()

    run(2, tmp_path)
    (parts, state), (whole, expected) = run(4, tmp_path), run(4, None)
    assert_same(parts, whole)
    assert state == expected


@pytest.mark.parametrize(
    ("batches", "text"),
    [
        ([X], "fit: data must be a pair (x, y); got a ndarray; use data=(x, y)"),
        ([{"x": X, "y": Y}], "fit: data must be a pair (x, y); got a dict; use data=(x, y)"),
        ([(X, np.array(["a"]))],
         "fit: data must be arrays of numbers; got <U1 at data[1]; make numbers of it first"),
        ([("a", Y)],
         "fit: data must be arrays of numbers; got a str at data[0]; make numbers of it first"),
    ],
)  # fmt: skip
def test_batches_must_be_pairs_of_numbers(batches, text):
    with pytest.raises(TypeError) as error:
        fit_stream(batches)
    assert str(error.value) == text
