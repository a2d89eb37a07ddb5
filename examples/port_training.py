"""Port a training script from PyTorch: before, after, and the losses of both side by side.

Before:

    import torch
    from sklearn.datasets import load_digits
    from torch import nn
    from torch.utils.data import DataLoader, TensorDataset

    torch.manual_seed(0)
    pixels, digits = load_digits(return_X_y=True)
    x, y = torch.from_numpy(pixels / 16).float(), torch.from_numpy(digits)
    model = nn.Sequential(
        nn.Linear(64, 128), nn.ReLU(), nn.Dropout(0.2),
        nn.Linear(128, 64), nn.ReLU(), nn.Dropout(0.2),
        nn.Linear(64, 10),
    )
    loader = DataLoader(TensorDataset(x, y), batch_size=32, shuffle=True)
    optimizer = torch.optim.AdamW(model.parameters(), lr=3e-3, weight_decay=0.01)
    scheduler = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, T_max=5)
    losses = []
    for epoch in range(5):
        for batch_x, batch_y in loader:
            optimizer.zero_grad()
            loss = nn.functional.cross_entropy(model(batch_x), batch_y)
            loss.backward()
            nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            losses.append(loss.item())
        scheduler.step()
    model.eval()
    correct = (model(x).argmax(1) == y).float().mean().item()

After: what follows. The shuffles, the first weights and the dropout masks are torch's, bit for bit.
"""

import jax
import numpy as np
import optax
from sklearn.datasets import load_digits

import jaxnn
from jaxnn import optim
from jaxnn.random import Generator

EPOCHS, BATCH_SIZE, DROPOUT_RATE = 5, 32, 0.2

# What torch 2.13 finds: the first ten losses, the mean of each epoch, and the share read right.
TORCH_STEPS = [
    2.313169, 2.314078, 2.285698, 2.271779, 2.262684, 2.251337, 2.262743, 2.262112, 2.216286,
    2.205894,
]  # fmt: skip
TORCH_EPOCHS = [1.492417, 0.4522389, 0.2961187, 0.2142327, 0.1807073]
TORCH_CORRECT = 0.9732888


def loss(params: tuple, x: jax.Array, y: jax.Array, rng: Generator) -> jax.Array:
    logits = jaxnn.mlp(params, x, activation=jaxnn.relu, dropout_rate=DROPOUT_RATE, rng=rng)
    return jaxnn.cross_entropy(logits, y)


def correct(params: tuple, x: jax.Array, y: jax.Array) -> jax.Array:
    return jaxnn.accuracy(jaxnn.mlp(params, x, activation=jaxnn.relu), y)


def main() -> None:
    rng = Generator().manual_seed(0)
    pixels, digits = load_digits(return_X_y=True)
    data = np.float32(pixels / 16), np.int32(digits)
    params = jaxnn.init_mlp(rng, (64, 128, 64, 10))
    steps = -(-len(digits) // BATCH_SIZE)
    rate = optim.every(steps, optim.cosine_annealing_lr(3e-3, T_max=EPOCHS))
    optimizer = optax.chain(optim.clip_grad_norm(1.0), optim.adamw(lr=rate, weight_decay=0.01))
    result = jaxnn.fit(
        loss, params, data, optimizer=optimizer, epochs=EPOCHS, batch_size=BATCH_SIZE, rng=rng
    )
    epochs = result.losses.reshape(EPOCHS, steps).mean(axis=1)
    print(f"{'':<10}{'torch':>10}{'jaxnn':>10}")
    for step, (theirs, ours) in enumerate(zip(TORCH_STEPS, result.losses, strict=False)):
        print(f"{f'step {step}':<10}{theirs:>10.6f}{ours:>10.6f}")
    for epoch, (theirs, ours) in enumerate(zip(TORCH_EPOCHS, epochs, strict=True)):
        print(f"{f'epoch {epoch}':<10}{theirs:>10.6f}{ours:>10.6f}")
    share = jaxnn.evaluate(correct, result.params, data)
    print(f"{'correct':<10}{TORCH_CORRECT:>10.2%}{share:>10.2%}")
    assert np.allclose(result.losses[: len(TORCH_STEPS)], TORCH_STEPS, atol=2e-6, rtol=0)


if __name__ == "__main__":
    main()
