"""The demonstration: an MLP learns scikit-learn's handwritten digits, and pictures of it."""

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import jax.numpy as jnp
import numpy as np
from jax import Array
from matplotlib.figure import Figure
from sklearn.datasets import load_digits

from jaxnn import optim, plot
from jaxnn._rng import Rng
from jaxnn.activations import relu
from jaxnn.data import random_split
from jaxnn.layers import Dense
from jaxnn.losses import accuracy, cross_entropy
from jaxnn.mlp import init_mlp, mlp
from jaxnn.random import Generator
from jaxnn.training import FitResult, evaluate, fit

SIZES = (64, 128, 64, 10)
DROPOUT_RATE = 0.25
TEST_SHARE = 0.2
BATCH_SIZE = 32
BRIGHTEST = 16  # the largest value of a pixel
INK = " .:+#@"

# One object for every call of `learn`: then only the first one compiles.
OPTIMIZER = optim.adam(lr=1e-3)
Params = tuple[Dense, ...]


class Lesson(NamedTuple):
    """What was learned, and from what.

    Examples:
        >>> lesson = learn(seed=0, epochs=0, progress=False)
        >>> lesson.test[0].shape, lesson.predictions.shape
        ((359, 64), (359,))
    """

    result: FitResult
    train: tuple[Array, Array]
    test: tuple[Array, Array]
    predictions: Array  # i32[n], the digit that the network sees in each test image

    @property
    def accuracy(self) -> float:
        """The share of the test images that the network reads right."""
        return float(jnp.mean(self.predictions == self.test[1]))


def loss(params: Params, x: Array, y: Array, rng: Rng | None) -> Array:
    """The cross entropy of an MLP with dropout; without ``rng``, none of it.

    Examples:
        >>> import jax, jax.numpy as jnp
        >>> params = init_mlp(jax.random.key(0), SIZES)
        >>> loss(params, jnp.zeros((5, 64)), jnp.zeros(5, jnp.int32), None).shape
        ()
    """
    rate = DROPOUT_RATE if rng is not None else 0.0
    return cross_entropy(mlp(params, x, activation=relu, dropout_rate=rate, rng=rng), y)


def measures(params: Params, x: Array, y: Array) -> dict[str, Array]:
    """The loss and the accuracy, without dropout.

    Examples:
        >>> import jax, jax.numpy as jnp
        >>> params = init_mlp(jax.random.key(0), SIZES)
        >>> sorted(measures(params, jnp.zeros((5, 64)), jnp.zeros(5, jnp.int32)))
        ['test accuracy', 'test loss']
    """
    logits = mlp(params, x, activation=relu)
    return {"test loss": cross_entropy(logits, y), "test accuracy": accuracy(logits, y)}


def learn(*, seed: int = 0, epochs: int = 60, progress: bool = True) -> Lesson:
    """Train on four fifths of the images, chosen at random, and test on the others.

    Everything random, that is the first weights, the split, the batches and the dropout, is drawn
    from one generator, as a torch program draws from its default one.

    Args:
        seed: Seeds that generator.
        epochs: How many times to go through the training images.
        progress: Show a progress bar on standard error, where that is a terminal.

    Returns:
        The trained network, the data, and how it reads the test images.

    Examples:
        >>> learn(seed=0, epochs=2, progress=False).result.losses.shape
        (90,)
    """
    generator = Generator().manual_seed(seed)
    params = init_mlp(generator, SIZES)
    pixels, digits = load_digits(return_X_y=True)
    images = jnp.asarray(pixels / BRIGHTEST, jnp.float32), jnp.asarray(digits, jnp.int32)
    train, test = random_split(generator, images, [1 - TEST_SHARE, TEST_SHARE])
    result = fit(
        loss, params, train, optimizer=OPTIMIZER, epochs=epochs, batch_size=BATCH_SIZE,
        rng=generator, validation=partial(evaluate, measures, data=test), progress=progress,
    )  # fmt: skip
    logits = mlp(result.params, test[0], activation=relu)
    return Lesson(result, train, test, jnp.argmax(logits, axis=-1))


def pictures(lesson: Lesson) -> Mapping[str, Figure]:
    """Draw the network, its activation, its training and its mistakes.

    Examples:
        >>> list(pictures(learn(seed=0, epochs=1, progress=False)))
        ['network', 'activation', 'training', 'confusion']
    """
    result = lesson.result
    return {
        "network": plot.network_diagram(
            SIZES, kernels=[layer.kernel for layer in result.params], activation="relu"
        ),
        "activation": plot.activation_curve({"relu": relu}),
        "training": plot.training_history(
            result.losses,
            steps_per_epoch=result.steps_per_epoch,
            validation={"test loss": result.validation["test loss"]},
        ),
        "confusion": plot.confusion_matrix(lesson.test[1], lesson.predictions),
    }


def save(figures: Mapping[str, Figure], folder: Path) -> list[Path]:
    """Write each figure as a PNG file, in a folder that is made if it is not there."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = [folder / f"{name}.png" for name in figures]
    for path, figure in zip(paths, figures.values(), strict=True):
        figure.savefig(path)
    return paths


def as_text(image: Any) -> list[str]:
    """An image in eight lines of characters, the denser the brighter; two for each pixel.

    Examples:
        >>> as_text([0.0, 1.0] * 32)[0]
        '  @@  @@  @@  @@'
    """
    shades = np.round(np.reshape(image, (8, 8)) * (len(INK) - 1)).astype(int)
    return ["".join(2 * INK[shade] for shade in row) for row in shades]
