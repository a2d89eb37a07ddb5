"""Draws on meshes of 1, 2 and 8 devices: prints a line for each that differs, and "done".

A program of its own, since JAX asks once, when it starts, how many devices there are.
"""

import itertools

import jax
import numpy as np
from jax.sharding import NamedSharding
from jax.sharding import PartitionSpec as P

from jaxnn.random import Generator, normal, uniform

MESHES = {
    (1,): [P("a")],
    (2,): [P(None, "a")],
    (4, 2): [P("b", "a"), P(("a", "b")), P()],
}
# Of whole blocks of 16, and not.
DRAWS = [
    (uniform, (8, 8), "float32"),
    (normal, (16, 24, 3), "float32"),
    (normal, (8, 8, 1), "float64"),
    (normal, (8, 9), "bfloat16"),
    (normal, (40, 1), "float32"),
    (normal, (8, 3, 3), "float64"),
]
COLLECTIVES = ("all-gather", "all-reduce", "all-to-all", "collective-permute", "reduce-scatter")


def shardings() -> list[NamedSharding]:
    """Return the layouts on meshes made as users make them."""
    found = []
    for axes, specs in MESHES.items():
        devices = jax.devices()[: int(np.prod(axes))]
        mesh = jax.make_mesh(axes, ("a", "b")[: len(axes)], devices=devices)
        found += [NamedSharding(mesh, spec) for spec in specs]
    return found


def divides(sharding: NamedSharding, shape: tuple[int, ...]) -> bool:
    """Return whether a layout has equal parts."""
    try:
        return bool(sharding.shard_shape(shape))
    except ValueError:
        return False


def started() -> Generator:
    """Return a generator in the middle of its stream."""
    generator = Generator().manual_seed(3)
    uniform(generator, (5,))
    return generator


def main() -> None:
    """Compare every draw with that of one device: bits, place, layout, and what is communicated."""
    for sharding, (draw, shape, dtype) in itertools.product(shardings(), DRAWS):
        if not divides(sharding, shape):
            continue
        alone, generator = started(), started()
        expected = draw(alone, shape, dtype)
        actual = draw(generator, shape, dtype, sharding=sharding)
        same = np.asarray(actual).tobytes() == np.asarray(expected).tobytes()
        after = generator.get_state() == alone.get_state()
        laid_out = actual.sharding.is_equivalent_to(sharding, len(shape))
        if not (same and after and laid_out):
            print(draw.__name__, dtype, shape, sharding, same, after, laid_out)

    def under_jit(generator: Generator) -> jax.Array:
        return normal(generator, (1 << 14,), sharding=sharding)

    sharding = NamedSharding(jax.make_mesh((8,), ("a",)), P("a"))
    compiled = jax.jit(under_jit).lower(started()).compile()
    text = str(compiled.as_text())
    print(*(name for name in COLLECTIVES if name in text), end="")
    same = np.asarray(compiled(started())) == np.asarray(normal(started(), (1 << 14,)))
    step = jax.jit(lambda g: (normal(g, (400,), sharding=sharding), g))
    _, generator = step(step(started())[1])  # through jit, and again
    alone = started()
    for _ in range(2):
        normal(alone, (400,))
    same &= bool((np.asarray(uniform(generator, (5,))) == np.asarray(uniform(alone, (5,)))).all())
    print("done" if same.all() else "under jit they differ")


if __name__ == "__main__":
    main()
