"""Train an MLP on scikit-learn's digits, as a PyTorch program with this seed would."""

import jax
import numpy as np
from sklearn.datasets import load_digits

import jaxnn

SIZES = (64, 128, 64, 10)


def loss(params: tuple, x: jax.Array, y: jax.Array) -> jax.Array:
    return jaxnn.cross_entropy(jaxnn.mlp(params, x, activation=jaxnn.relu), y)


def correct(params: tuple, x: jax.Array, y: jax.Array) -> jax.Array:
    return jaxnn.accuracy(jaxnn.mlp(params, x, activation=jaxnn.relu), y)


def main() -> None:
    pixels, labels = load_digits(return_X_y=True)
    data = (np.float32(pixels / 16), np.int32(labels))
    generator = jaxnn.random.Generator().manual_seed(0)
    params = jaxnn.init_mlp(generator, SIZES)
    train, test = jaxnn.data.random_split(generator, data, [0.8, 0.2])
    result = jaxnn.fit(
        loss, params, train, optimizer=jaxnn.optim.adam(lr=1e-3), epochs=30, batch_size=32,
        rng=generator, validation=test,
    )  # fmt: skip
    print(f"loss {result.losses[0]:.3f} at first, {result.losses[-1]:.3f} at last")
    print(f"test loss {result.validation[-1]:.3f}")
    print(f"test accuracy {jaxnn.evaluate(correct, result.params, test):.1%}")


if __name__ == "__main__":
    main()
