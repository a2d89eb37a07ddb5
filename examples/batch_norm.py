"""Batch normalization as pure functions: its statistics go into the loss and come out of it.

The network is this one of torch, trained with its seed, its shuffles and its numbers:

    import torch
    from sklearn.datasets import load_digits
    from torch import nn
    from torch.utils.data import DataLoader, TensorDataset

    torch.manual_seed(0)
    pixels, digits = load_digits(return_X_y=True)
    x, y = torch.from_numpy(pixels / 16).float(), torch.from_numpy(digits)
    model = nn.Sequential(nn.Linear(64, 64), nn.BatchNorm1d(64), nn.ReLU(), nn.Linear(64, 10))
    loader = DataLoader(TensorDataset(x, y), batch_size=64, shuffle=True)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9)
    losses = []
    for epoch in range(3):
        for batch_x, batch_y in loader:
            optimizer.zero_grad()
            loss = nn.functional.cross_entropy(model(batch_x), batch_y)
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
    model.eval()
    correct = (model(x).argmax(1) == y).float().mean().item()
    means = model[1].running_mean[:3].tolist()
"""

from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from sklearn.datasets import load_digits

import jaxnn
from jaxnn import optim
from jaxnn.random import Generator

EPOCHS, BATCH_SIZE, WIDTH = 3, 64, 64

# What torch 2.13 finds: the first six losses, the mean of each epoch, the share that it reads
# right with the remembered statistics, and the first of these.
TORCH_STEPS = [2.365437, 2.232337, 1.99221, 1.709112, 1.589116, 1.176076]
TORCH_EPOCHS = [0.6992583, 0.1612982, 0.1412394]
TORCH_CORRECT = 0.9883139
TORCH_MEANS = [-0.2411918, -0.3137882, -0.3129859]


def init(rng: Generator) -> tuple[dict[str, Any], jaxnn.Statistics]:
    hidden, output = jaxnn.init_mlp(rng, (64, WIDTH, 10))
    params = {
        "hidden": hidden,
        "norm": {"weight": jnp.ones(WIDTH), "bias": jnp.zeros(WIDTH)},
        "output": output,
    }
    return params, jaxnn.Statistics(mean=jnp.zeros(WIDTH), var=jnp.ones(WIDTH))


def model(
    params: dict[str, Any], statistics: jaxnn.Statistics, x: jax.Array, *, training: bool
) -> tuple[jax.Array, jaxnn.Statistics]:
    x = jaxnn.dense(params["hidden"], x)
    x, statistics = jaxnn.batch_norm(x, statistics, **params["norm"], training=training)
    return jaxnn.dense(params["output"], jaxnn.relu(x)), statistics


def loss(
    params: dict[str, Any], statistics: jaxnn.Statistics, x: jax.Array, y: jax.Array
) -> tuple[jax.Array, jaxnn.Statistics]:
    logits, statistics = model(params, statistics, x, training=True)
    return jaxnn.cross_entropy(logits, y), statistics


def correct(state: tuple, x: jax.Array, y: jax.Array) -> jax.Array:
    params, statistics = state
    logits, _ = model(params, statistics, x, training=False)
    return jaxnn.accuracy(logits, y)


def main() -> None:
    rng = Generator().manual_seed(0)
    pixels, digits = load_digits(return_X_y=True)
    data = np.float32(pixels / 16), np.int32(digits)
    params, statistics = init(rng)
    result = jaxnn.fit(
        loss, params, data, statistics=statistics, optimizer=optim.sgd(lr=0.1, momentum=0.9),
        epochs=EPOCHS, batch_size=BATCH_SIZE, rng=rng,
    )  # fmt: skip
    epochs = result.losses.reshape(EPOCHS, -1).mean(axis=1)
    share = jaxnn.evaluate(correct, (result.params, result.statistics), data)
    pairs = {
        "step": zip(TORCH_STEPS, result.losses, strict=False),
        "epoch": zip(TORCH_EPOCHS, epochs, strict=True),
        "mean": zip(TORCH_MEANS, result.statistics.mean[:3], strict=True),
    }
    print(f"{'':<10}{'torch':>10}{'jaxnn':>10}")
    for name, numbers in pairs.items():
        for i, (theirs, ours) in enumerate(numbers):
            print(f"{f'{name} {i}':<10}{theirs:>10.5f}{ours:>10.5f}")
            assert abs(theirs - ours) < 1e-5
    print(f"{'correct':<10}{TORCH_CORRECT:>10.2%}{share:>10.2%}")


if __name__ == "__main__":
    main()
