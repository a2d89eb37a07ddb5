"""Pull the plug in the middle of a training, and end with the bits of one that nothing disturbed.

This program starts a training in a process of its own, kills it (SIGKILL: it can do nothing about
it), and makes the same call of `fit` again. With `checkpoint=` that goes on from the last file that
was written whole, in the middle of an epoch if need be.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

import jax
import numpy as np
from sklearn.datasets import load_digits

import jaxnn
from jaxnn import optim
from jaxnn.random import Generator
from jaxnn.training import Checkpoints, FitResult, Progress

EPOCHS = 30
KILLED_AFTER = 10  # epochs, or as soon afterwards as the signal arrives
OPTIMIZER = optim.adam(lr=1e-3)


def loss(params: tuple, x: jax.Array, y: jax.Array, rng: Generator) -> jax.Array:
    logits = jaxnn.mlp(params, x, activation=jaxnn.relu, dropout_rate=0.2, rng=rng)
    return jaxnn.cross_entropy(logits, y)


def train(folder: Path | None, epochs_seen: list[int], *, tell: bool = False) -> FitResult:
    """The training; the same call whether there is something to go on from or not."""

    def see(progress: Progress) -> None:
        epochs_seen.append(progress.epoch)
        if tell:
            print(progress.epoch, flush=True)

    rng = Generator().manual_seed(0)
    params = jaxnn.init_mlp(rng, (64, 32, 10))
    pixels, digits = load_digits(return_X_y=True)
    return jaxnn.fit(
        loss, params, (np.float32(pixels / 16), np.int32(digits)), optimizer=OPTIMIZER,
        epochs=EPOCHS, batch_size=32, rng=rng, progress=False, callbacks=[see],
        checkpoint=None if folder is None else Checkpoints(folder, seconds=0.0),
    )  # fmt: skip


def killed_in_the_middle(folder: Path) -> None:
    """Train in another process until it has told of some epochs."""
    command = [sys.executable, __file__, str(folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as training:
        assert training.stdout is not None
        for line in training.stdout:
            if int(line) >= KILLED_AFTER:
                training.kill()


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        killed_in_the_middle(folder)
        print(f"killed after epoch {KILLED_AFTER} of {EPOCHS}")
        rest: list[int] = []
        resumed = train(folder, rest)
    assert rest[0] > KILLED_AFTER - 2, "it should not have started again"
    assert rest[-1] == EPOCHS - 1
    whole = train(None, [])
    for name in ("params", "opt_state", "losses"):
        pair = (jax.tree.leaves(getattr(result, name)) for result in (resumed, whole))
        equal = all(np.array_equal(a, b) for a, b in zip(*pair, strict=True))
        print(f"{name:<10} {'bit for bit those of an undisturbed run' if equal else 'DIFFER'}")
        assert equal


if __name__ == "__main__":
    if len(sys.argv) > 1:
        train(Path(sys.argv[1]), [], tell=True)
    else:
        main()
