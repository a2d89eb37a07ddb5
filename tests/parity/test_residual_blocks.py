"""A residual network put together from `mlp` and `layer_norm`, beside torch's written out."""

from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

import jaxnn
from jaxnn import optim
from jaxnn.random import Generator
from jaxnn.training import fit
from tests.training_cases import Run, digits

WIDTH, HIDDEN, BLOCKS, SEED, BATCH_SIZE = 64, 32, 2, 3, 64


class Block(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.norm = nn.LayerNorm(WIDTH)
        self.layers = nn.Sequential(nn.Linear(WIDTH, HIDDEN), nn.GELU(), nn.Linear(HIDDEN, WIDTH))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x + self.layers(self.norm(x))


def init_block(rng: Generator) -> dict[str, Any]:
    norm = {"weight": jnp.ones(WIDTH), "bias": jnp.zeros(WIDTH)}
    return {"norm": norm, "layers": jaxnn.init_mlp(rng, (WIDTH, HIDDEN, WIDTH))}


def block(params: dict[str, Any], x: jax.Array) -> jax.Array:
    normal = jaxnn.layer_norm(x, x.shape[-1:], **params["norm"])
    return x + jaxnn.mlp(params["layers"], normal, activation=jaxnn.gelu)


def loss(params: Any, x: jax.Array, y: jax.Array) -> jax.Array:
    for each in params["blocks"]:
        x = block(each, x)
    return jaxnn.cross_entropy(jaxnn.dense(params["head"], x), y)


def test_every_loss_of_an_epoch_is_torchs():
    rng = Generator().manual_seed(SEED)
    params = {
        "blocks": [init_block(rng) for _ in range(BLOCKS)],
        "head": jaxnn.init_dense(rng, WIDTH, 10),
    }
    result = fit(
        loss, params, digits(Run()), optimizer=optim.sgd(lr=0.1, momentum=0.9), epochs=1,
        batch_size=BATCH_SIZE, rng=rng, progress=False,
    )  # fmt: skip
    np.testing.assert_allclose(result.losses, losses_of_torch(), rtol=0, atol=2e-6)


def losses_of_torch() -> list[float]:
    torch.manual_seed(SEED)
    model = nn.Sequential(*(Block() for _ in range(BLOCKS)), nn.Linear(WIDTH, 10))
    x, y = (torch.from_numpy(each) for each in digits(Run()))
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9)
    losses = []
    for batch_x, batch_y in DataLoader(TensorDataset(x, y.long()), BATCH_SIZE, shuffle=True):
        optimizer.zero_grad()
        value = nn.functional.cross_entropy(model(batch_x), batch_y)
        value.backward()
        optimizer.step()
        losses.append(value.item())
    return losses
