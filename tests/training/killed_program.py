"""Trains for a while: ``killed_program.py RESULT EPOCHS [FOLDER]``, with checkpoints in FOLDER.

It prints a line when it has begun, for whoever means to kill it.
"""

import sys
from pathlib import Path
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

import jaxnn
from jaxnn import optim
from jaxnn.random import Generator
from jaxnn.training import Checkpoints, fit, loop

# Step by step, with a checkpoint after each, so that a kill finds it in the middle of everything.
loop.FIRST_STEPS = 1
loop.PART = 0.0


def loss(params: Any, x: jax.Array, y: jax.Array, rng: Any) -> jax.Array:
    logits = jaxnn.mlp(params, x, activation=jaxnn.relu, dropout_rate=0.1, rng=rng)
    return jnp.mean((logits[:, 0] - y) ** 2)


def main(result: Path, epochs: int, folder: Path | None = None) -> None:
    generator = Generator().manual_seed(0)
    params = jaxnn.init_mlp(generator, (1, 16, 1))
    x = np.linspace(-1, 1, 100, dtype=np.float32)[:, None]
    begun = False

    def say(progress: Any) -> None:
        nonlocal begun
        if not begun:
            print("begun", flush=True)
        begun = True

    trained = fit(
        loss, params, (x, x[:, 0] ** 2), optimizer=optim.adam(lr=1e-3), epochs=epochs,
        batch_size=16, rng=generator, progress=False, callbacks=[say],
        checkpoint=None if folder is None else Checkpoints(folder, seconds=0.0),
    )  # fmt: skip
    leaves = jax.tree.leaves((trained.params, trained.opt_state, trained.losses))
    arrays: dict[str, Any] = {str(i): np.asarray(leaf) for i, leaf in enumerate(leaves)}
    arrays["state"] = np.frombuffer(generator.get_state(), np.uint8)
    np.savez(result, **arrays)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), *map(Path, sys.argv[3:]))
