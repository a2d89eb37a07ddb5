"""Is it the architecture or the seed? Sixteen networks from sixteen seeds, trained by one call.

Each makes just the run that it would have made alone, and that torch would make from its seed, but
all of them are trained at once. The picture shows how their losses spread.

    python examples/seed_sweep.py [FOLDER]     where to put seed_sweep.png
"""

import sys
import tempfile
from pathlib import Path
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from sklearn.datasets import load_digits

import jaxnn
from jaxnn import optim, plot
from jaxnn.random import Generator

SEEDS = jnp.arange(16)
SIZES = (64, 32, 10)
OPTIMIZER = optim.adam(lr=2e-3)


def begin(seed: jax.Array) -> tuple[tuple, Generator]:
    """The first parameters from a seed, and the generator, which has gone on by what they took."""
    generator = Generator().manual_seed(seed)
    return jaxnn.init_mlp(generator, SIZES), generator


def loss(params: tuple, x: jax.Array, y: jax.Array) -> jax.Array:
    return jaxnn.cross_entropy(jaxnn.mlp(params, x, activation=jaxnn.relu), y)


def correct(params: tuple, x: jax.Array, y: jax.Array) -> jax.Array:
    return jaxnn.accuracy(jaxnn.mlp(params, x, activation=jaxnn.relu), y)


def main() -> None:
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else tempfile.mkdtemp())
    pixels, digits = load_digits(return_X_y=True)
    data = np.float32(pixels / 16), np.int32(digits)
    train, test = jaxnn.data.random_split(Generator().manual_seed(0), data, [0.8, 0.2])

    def learn(params: tuple, rng: Generator, **options: Any) -> jaxnn.FitResult:
        return jaxnn.fit(
            loss, params, train, optimizer=OPTIMIZER, batch_size=32, rng=rng, **options
        )

    result = learn(*jax.vmap(begin)(SEEDS), epochs=10, validation=test)
    alone = learn(*begin(SEEDS[7]), epochs=1)
    np.testing.assert_allclose(result.losses[7, : len(alone.losses)], alone.losses, atol=1e-5)
    print("seed 7 made the steps that it makes alone")

    accuracy = jax.vmap(correct, in_axes=(0, None, None))(result.params, *test)
    for seed, share in zip(SEEDS, accuracy, strict=True):
        print(f"seed {seed:2}   {share:6.2%}")
    print(f"mean {jnp.mean(accuracy):.2%}, standard deviation {jnp.std(accuracy, ddof=1):.2%}")

    figure = plot.ensemble_history(
        result.losses,
        steps_per_epoch=result.steps_per_epoch,
        validation={"test loss": result.validation},
    )
    figure.savefig(folder / "seed_sweep.png")
    print("the picture is seed_sweep.png")


if __name__ == "__main__":
    main()
