"""What holds for every function of the core, whatever it computes."""

import functools
import zlib
from collections.abc import Callable, Iterator
from typing import Any

import jax
import jax.monitoring
import jax.numpy as jnp
import numpy as np
import pytest

import jaxnn
from tests.activation_cases import DTYPES, UNOPTIMISED
from tests.comparison import assert_close, assert_same_bits
from tests.table import TABLE, Row

VECTOR_FUNCTIONS = (
    "attention_weights cosine_similarity embedding normalize one_hot pairwise_distance pdist "
    "scaled_dot_product_attention"
)
every_row = pytest.mark.parametrize("row", TABLE, ids=str)


def arguments(row: Row, dtype: str, run: int = 0) -> tuple[Any, ...]:
    """The row's arguments as NumPy arrays, the floating ones in a dtype."""
    rng = np.random.default_rng([zlib.crc32(row.name.encode()), run])
    floating = lambda x: jnp.issubdtype(x.dtype, jnp.floating)  # noqa: E731
    return jax.tree.map(lambda x: x.astype(dtype) if floating(x) else x, row.arguments(rng))


def on_device(tree: Any) -> Any:
    """The same with JAX arrays."""
    return jax.tree.map(jnp.asarray, tree)


# All rows in one program, since compiling takes far longer than running.
one_program = functools.partial(jax.jit, compiler_options=UNOPTIMISED)


@one_program
def every_result(given: list[tuple]) -> list[jax.Array]:
    """What every row makes of its arguments."""
    return [row.function(*a) for row, a in zip(TABLE, given, strict=True)]


@one_program
def every_result_mapped(given: list[tuple]) -> list[jax.Array]:
    """What every row makes of its arguments stacked."""
    return [jax.vmap(row.function)(*a) for row, a in zip(TABLE, given, strict=True)]


@one_program
def every_slope(starts: list[tuple], directions: list[tuple]) -> list[jax.Array]:
    """The derivatives of every row."""
    lines = zip(TABLE, starts, directions, strict=True)
    return [slopes(row.function, start, direction) for row, start, direction in lines]


def every_argument(dtype: str, run: int = 0) -> list[tuple]:
    """The arguments of every row."""
    return [on_device(arguments(row, dtype, run)) for row in TABLE]


def by_row(every: list[jax.Array]) -> dict[Row, np.ndarray]:
    """Which result is whose."""
    return dict(zip(TABLE, map(np.asarray, every), strict=True))


@functools.cache
def results(dtype: str, x64: bool, run: int = 0) -> dict[Row, np.ndarray]:
    """What a dtype's arguments make of every row."""
    with jax.enable_x64(x64):
        return by_row(every_result(every_argument(dtype, run)))


@functools.cache
def mapped_results() -> dict[Row, np.ndarray]:
    """What two runs' arguments make of every row together."""
    stacked = jax.tree.map(
        lambda *leaves: jnp.stack(leaves), *(every_argument("float32", run) for run in range(2))
    )
    return by_row(every_result_mapped(stacked))


@functools.cache
def derivatives() -> dict[Row, np.ndarray]:
    """The derivatives of every row."""
    with jax.enable_x64(True):
        return by_row(every_slope(*(every_argument("float64", run) for run in range(2))))


def assert_near(actual: Any, expected: Any) -> None:
    """Equal but for a few roundings, of the result or of something as large as 1."""
    if jnp.issubdtype(expected.dtype, jnp.floating):
        assert_close(actual, expected, atol=16 * float(jnp.finfo(expected.dtype).eps))
    else:
        assert_same_bits(actual, expected)


def test_every_function_has_its_row():
    public = {name for name in dir(jaxnn.activations) if not name.startswith("_")}
    for module in (jaxnn.losses, jaxnn.normalizations):
        public |= {name for name in dir(module) if name[0].islower()}
    public |= set(VECTOR_FUNCTIONS.split()) | {"dense", "dropout", "mlp"}
    assert {row.name.split()[0] for row in TABLE} == public


@pytest.mark.parametrize("dtype", DTYPES)
@every_row
def test_keeps_the_dtype(row: Row, dtype: str):
    exact = results("float64", x64=True)[row]
    expected = exact.astype(dtype) if row.keeps_dtype else exact
    assert_near(results(dtype, x64=dtype == "float64")[row], expected)


@every_row
def test_gives_the_same_with_and_without_64_bit_mode(row: Row):
    with_it, without = (results("float32", x64=x64)[row] for x64 in (True, False))
    assert_same_bits(with_it, without)


@every_row
def test_gives_the_same_eagerly(row: Row):
    eager = row.function(*on_device(arguments(row, "float32")))
    assert_near(eager, results("float32", x64=False)[row])


@every_row
def test_takes_numpy_arrays(row: Row):
    given = arguments(row, "float32")
    assert_same_bits(row.function(*given), row.function(*on_device(given)))


@every_row
def test_under_vmap(row: Row):
    alone = [results("float32", x64=False, run=run)[row] for run in range(2)]
    assert_near(mapped_results()[row], np.stack(alone))


@every_row
def test_derivatives(row: Row):
    """Forward, reverse and of second order, along a line through every floating argument."""
    automatic, differences = derivatives()[row]
    np.testing.assert_allclose(automatic, differences, rtol=1e-6, atol=1e-8)


def slopes(function: Callable, start: Any, direction: Any) -> jax.Array:
    """First (forward, reverse) and second (both ways) derivatives, automatic and by differences."""

    def moved(t: jax.Array, x: jax.Array, d: jax.Array) -> jax.Array:
        return x + t * d if jnp.issubdtype(x.dtype, jnp.floating) else x

    def along(t: jax.Array) -> jax.Array:
        result = function(*jax.tree.map(lambda x, d: moved(t, x, d), start, direction))
        weights = jnp.cos(jnp.arange(result.size)).reshape(result.shape)
        return (result.astype(weights.dtype) * weights).sum()

    here, step = jnp.zeros(()), 1e-5
    both = jax.value_and_grad(along)
    (_, reverse), (forward, again) = jax.jvp(both, (here,), (jnp.ones(()),))
    around = jax.lax.map(both, jnp.array([-step, step]))
    first, second = ((after - before) / (2 * step) for before, after in around)
    automatic = (forward, reverse, again, jax.grad(jax.grad(along))(here))
    return jnp.array([automatic, (first, first, second, second)])


@pytest.fixture
def compilations() -> Iterator[list[str]]:
    """The compilations that JAX reports while the test runs."""
    seen: list[str] = []

    def listen(event: str, duration_secs: float, **_: str | int) -> None:
        if "backend_compile" in event:
            seen.append(f"{event} {duration_secs:.3f} s")

    jax.monitoring.register_event_duration_secs_listener(listen)
    yield seen
    jax.monitoring.unregister_event_duration_listener(listen)


@every_row
def test_compiles_once(row: Row, compilations: list[str]):
    jitted = one_program(lambda *given: row.function(*given))
    for run in range(2):
        given = on_device(arguments(row, "float32", run))
        compilations.clear()
        row.function(*given)
        jitted(*given)
        assert bool(compilations) == (run == 0)
