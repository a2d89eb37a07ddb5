"""Serve a network that torch trained and saved, without torch: load the .pt file, compile once.

Requests come with any number of images. They are padded to a batch of a fixed size, so that one
compiled program serves them all. `checkpoints/make_digits.py` is the torch script that made the
file; loading executes nothing in it.
"""

from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np
from sklearn.datasets import load_digits

import jaxnn
from jaxnn import checkpoint
from jaxnn.random import Generator

PATH = Path(__file__).parent / "checkpoints" / "digits.pt"
BATCH_SIZE = 64


def logits_of(params: tuple, images: jax.Array) -> jax.Array:
    return jaxnn.mlp(params, images, activation=jaxnn.relu)


class Server:
    """Reads digits with parameters of a checkpoint; it is ready for the first request when made."""

    def __init__(self, path: Path) -> None:
        self.saved = checkpoint.load_torch(path)
        sizes = self.saved["sizes"]
        outline = jax.eval_shape(lambda: jaxnn.init_mlp(Generator().manual_seed(0), sizes))
        names = ("hidden", "output")  # as the torch script called its layers
        self.params = checkpoint.from_state_dict(self.saved["model"], outline, names)
        batch = jax.ShapeDtypeStruct((BATCH_SIZE, sizes[0]), jnp.float32)
        self.compiled = jax.jit(logits_of).lower(self.params, batch).compile()

    def logits(self, images: np.ndarray) -> np.ndarray:
        """The ten logits of each image."""
        starts = range(0, len(images), BATCH_SIZE)
        return np.concatenate([self._batch(images[i : i + BATCH_SIZE]) for i in starts])

    def _batch(self, images: np.ndarray) -> np.ndarray:
        padded = np.zeros((BATCH_SIZE, images.shape[1]), np.float32)
        padded[: len(images)] = images
        return np.asarray(self.compiled(self.params, padded))[: len(images)]


def main() -> None:
    server = Server(PATH)
    pixels, digits = load_digits(return_X_y=True)
    images, digits = pixels[::5] / 16, digits[::5]
    logits = server.logits(images)
    np.testing.assert_allclose(logits[:3], server.saved["test_logits"], atol=1e-5)
    print(f"saved by torch {server.saved['torch']}")
    print(f"accuracy there {server.saved['test_accuracy']:.2%}")
    print(f"accuracy here  {np.mean(logits.argmax(axis=1) == digits):.2%}")
    for size in (1, 7, 200):  # requests, all of them through one compiled program
        last = jax.nn.softmax(server.logits(images[:size])[-1])
        print(f"{size:3} images: the last is a {last.argmax()}, with probability {last.max():.3f}")


if __name__ == "__main__":
    main()
