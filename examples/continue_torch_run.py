"""Go on with a training that torch began, and hand it back to torch.

`checkpoints/make_run.py` is the torch script that was stopped after three of six epochs: it saved
the state dicts of model, optimizer and scheduler, and where the random numbers stood. What is
trained here has the losses that torch found when it went on itself.
"""

import tempfile
from pathlib import Path

import jax
import numpy as np
from sklearn.datasets import load_digits

import jaxnn
from jaxnn import checkpoint, optim
from jaxnn.random import Generator

PATH = Path(__file__).parent / "checkpoints" / "run.pt"
EPOCHS, BATCH_SIZE = 6, 32


def loss(params: tuple, x: jax.Array, y: jax.Array) -> jax.Array:
    return jaxnn.cross_entropy(jaxnn.mlp(params, x, activation=jaxnn.relu), y)


def main() -> None:
    pixels, digits = load_digits(return_X_y=True)
    data = np.float32(pixels / 16), np.int32(digits)
    steps = -(-len(digits) // BATCH_SIZE)
    rate = optim.every(steps, optim.cosine_annealing_lr(3e-3, T_max=EPOCHS))
    optimizer = optim.adamw(lr=rate)

    saved = checkpoint.load_torch(PATH)
    like = jax.eval_shape(lambda: jaxnn.init_mlp(jax.random.key(0), (64, 16, 10)))
    params = checkpoint.from_state_dict(saved["model"], like)
    opt_state = optim.from_state_dict(saved["optimizer"], optimizer, params)
    rng = Generator().set_state(saved["rng"])
    result = jaxnn.fit(
        loss, params, data, optimizer=optimizer, opt_state=opt_state,
        epochs=EPOCHS - saved["epoch"], batch_size=BATCH_SIZE, rng=rng,
    )  # fmt: skip

    losses = result.losses.reshape(-1, steps).mean(axis=1)
    print(f"{'':<10}{'torch':>10}{'jaxnn':>10}")
    for theirs, ours in zip(saved["losses_afterwards"], losses, strict=True):
        print(f"{'loss':<10}{theirs:>10.6f}{ours:>10.6f}")
    np.testing.assert_allclose(losses, saved["losses_afterwards"], atol=2e-6, rtol=0)

    # For torch: model, optimizer and scheduler load these with load_state_dict.
    trained = {
        "model": checkpoint.to_state_dict(result.params),
        "optimizer": optim.to_state_dict(result.opt_state, optimizer, result.params),
        "scheduler": saved["scheduler"] | {"last_epoch": EPOCHS, "_step_count": EPOCHS + 1},
        "rng": np.frombuffer(rng.get_state(), np.uint8),
        "epoch": EPOCHS,
    }
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "run.pt"
        checkpoint.save_torch(path, trained)
        print(f"{path.name} for torch: {path.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
