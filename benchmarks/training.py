"""Training on scikit-learn's digits: `jaxnn.fit` against the loops that others write.

All train the network (64, 128, 64, 10) by SGD in shuffled batches of 32, and give the losses to the
host. flax, equinox and torch.compile take part where they are installed and work.
"""

import importlib
import sys
from collections.abc import Callable
from functools import partial
from itertools import pairwise
from typing import Any

from _command import Row, arguments, report

SIZES, SMALL = (64, 128, 64, 10), (64, 16, 10)
BATCH_SIZE = 32
LEARNING_RATE = 0.1
SEEDS = 64
#: The epochs of a call: one, in which what surrounds the epochs counts, and many.
EPOCHS = (1, 10)

Train = Callable[[int], Any]  # for so many epochs


def digits() -> tuple[Any, Any]:
    """The images, f32[1797, 64], and what they show, i64[1797]."""
    from sklearn.datasets import load_digits

    pixels, labels = load_digits(return_X_y=True)
    return (pixels / 16).astype("float32"), labels


def fit(sizes: tuple[int, ...] = SIZES, seeds: int | None = None) -> Train:
    """`jaxnn.fit`, of one network or of one for each of many seeds."""
    import jax
    import jax.numpy as jnp

    import jaxnn

    x, y = digits()
    data = jnp.asarray(x), jnp.asarray(y, jnp.int32)
    optimizer = jaxnn.optim.sgd(LEARNING_RATE)

    def begin(seed: Any) -> tuple[Any, Any]:
        generator = jaxnn.random.Generator().manual_seed(seed)
        return jaxnn.init_mlp(generator, sizes), generator

    def loss(params: tuple, x: jax.Array, y: jax.Array) -> jax.Array:
        return jaxnn.cross_entropy(jaxnn.mlp(params, x, activation=jaxnn.relu), y)

    params, generator = begin(0) if seeds is None else jax.vmap(begin)(jnp.arange(seeds))
    return lambda epochs: jaxnn.fit(
        loss, params, data, optimizer=optimizer, epochs=epochs, batch_size=BATCH_SIZE,
        rng=generator, progress=False,
    )  # fmt: skip


def scan_by_hand() -> Train:
    """An epoch as one compiled scan, written for this network alone, with nothing around it."""
    import jax
    import jax.numpy as jnp
    import numpy as np

    x, y = map(jnp.asarray, digits())
    full = len(x) // BATCH_SIZE
    keys = jax.random.split(jax.random.key(0), len(SIZES) - 1)
    params = [
        (jax.random.normal(key, pair) / pair[0] ** 0.5, jnp.zeros(pair[1]))
        for key, pair in zip(keys, pairwise(SIZES), strict=True)
    ]

    def loss(params: Any, x: jax.Array, y: jax.Array) -> jax.Array:
        for kernel, bias in params[:-1]:
            x = jax.nn.relu(x @ kernel + bias)
        logits = jax.nn.log_softmax(x @ params[-1][0] + params[-1][1])
        return -jnp.take_along_axis(logits, y[:, None], axis=1).mean()

    def step(params: Any, indices: jax.Array) -> tuple[Any, jax.Array]:
        value, gradients = jax.value_and_grad(loss)(params, x[indices], y[indices])
        return jax.tree.map(lambda p, g: p - LEARNING_RATE * g, params, gradients), value

    @jax.jit
    def epoch(params: Any, key: jax.Array) -> tuple[Any, jax.Array]:
        order = jax.random.permutation(key, len(x))
        batches = order[: full * BATCH_SIZE].reshape(full, BATCH_SIZE)
        params, losses = jax.lax.scan(step, params, batches)
        params, last = step(params, order[full * BATCH_SIZE :])
        return params, jnp.append(losses, last)

    def train(epochs: int) -> Any:
        now, losses = params, []
        for key in jax.random.split(jax.random.key(1), epochs):
            now, each = epoch(now, key)
            losses.append(np.asarray(each))
        return now, losses

    return train


def torch_loop(*, compiled: bool = False) -> Train:
    """Torch's loop as its tutorials write it, with a DataLoader."""
    import torch
    from torch.utils.data import DataLoader, TensorDataset

    layers = [torch.nn.Linear(inputs, outputs) for inputs, outputs in pairwise(SIZES)]
    model = torch.nn.Sequential(layers[0], torch.nn.ReLU(), layers[1], torch.nn.ReLU(), layers[2])
    forward: Any = torch.compile(model) if compiled else model
    x, y = map(torch.from_numpy, digits())
    loader = DataLoader(TensorDataset(x, y), BATCH_SIZE, shuffle=True)
    optimizer = torch.optim.SGD(model.parameters(), lr=LEARNING_RATE)

    def train(epochs: int) -> list[float]:
        losses = []
        for _ in range(epochs):
            for batch_x, batch_y in loader:
                optimizer.zero_grad()
                loss = torch.nn.functional.cross_entropy(forward(batch_x), batch_y)
                loss.backward()
                optimizer.step()
                losses.append(loss.item())
        return losses

    return train


def compiled_torch_loop() -> Train:
    """The same with the model through torch.compile."""
    return torch_loop(compiled=True)


def shuffled_loop(step: Callable[[Any, Any], Any]) -> Train:
    """A Python loop over shuffled batches, which calls a compiled step for each."""
    import numpy as np

    x, y = digits()
    random = np.random.default_rng(0)

    def train(epochs: int) -> list[float]:
        losses = []
        for _ in range(epochs):
            order = random.permutation(len(x))
            for start in range(0, len(x), BATCH_SIZE):
                indices = order[start : start + BATCH_SIZE]
                losses.append(step(x[indices], y[indices]))
        return [float(loss) for loss in losses]

    return train


def flax_loop() -> Train:
    """Flax's nnx as its tutorials write it: a module, an optimizer and a jitted step."""
    import jax
    import optax

    nnx: Any = importlib.import_module("flax.nnx")
    rngs = nnx.Rngs(0)
    layers = [nnx.Linear(inputs, outputs, rngs=rngs) for inputs, outputs in pairwise(SIZES)]
    model = nnx.Sequential(layers[0], jax.nn.relu, layers[1], jax.nn.relu, layers[2])
    optimizer = nnx.Optimizer(model, optax.sgd(LEARNING_RATE), wrt=nnx.Param)

    @nnx.jit
    def step(model: Any, optimizer: Any, x: Any, y: Any) -> Any:
        def loss(model: Any) -> Any:
            return optax.softmax_cross_entropy_with_integer_labels(model(x), y).mean()

        value, gradients = nnx.value_and_grad(loss)(model)
        optimizer.update(model, gradients)
        return value

    return shuffled_loop(lambda x, y: step(model, optimizer, x, y))


def equinox_loop() -> Train:
    """Equinox and optax as their tutorials write it: a filtered and jitted step."""
    import jax
    import optax

    eqx: Any = importlib.import_module("equinox")
    keys = jax.random.split(jax.random.key(0), len(SIZES) - 1)
    linear = [
        eqx.nn.Linear(*pair, key=key) for pair, key in zip(pairwise(SIZES), keys, strict=True)
    ]
    relu = eqx.nn.Lambda(jax.nn.relu)
    model: Any = eqx.nn.Sequential([linear[0], relu, linear[1], relu, linear[2]])
    optimizer = optax.sgd(LEARNING_RATE)
    state = model, optimizer.init(eqx.filter(model, eqx.is_array))

    @eqx.filter_jit
    def step(state: Any, x: Any, y: Any) -> Any:
        model, opt_state = state

        @eqx.filter_value_and_grad
        def loss(model: Any) -> Any:
            return optax.softmax_cross_entropy_with_integer_labels(jax.vmap(model)(x), y).mean()

        value, gradients = loss(model)
        updates, opt_state = optimizer.update(gradients, opt_state)
        return (eqx.apply_updates(model, updates), opt_state), value

    def make(x: Any, y: Any) -> Any:
        nonlocal state
        state, value = step(state, x, y)
        return value

    return shuffled_loop(make)


#: Who takes part, and how long `fit` may take for each unit of theirs.
PEERS = {
    "torch's loop": (torch_loop, "≤ 0.1"),
    "torch.compile": (compiled_torch_loop, ""),
    "a scan by hand": (scan_by_hand, "≤ 1.1"),
    "flax nnx": (flax_loop, ""),
    "equinox and optax": (equinox_loop, ""),
}


def ready(name: str, make: Callable[[], Train]) -> Train | None:
    """A contestant that has trained once, or None and a line on standard error if it cannot."""
    try:
        train = make()
        train(1)
    except Exception as error:  # whatever a compiler or a package that is not there raises
        reason = (str(error).strip() or type(error).__name__).splitlines()[0]
        print(f"{name} does not take part: {reason}", file=sys.stderr)
        return None
    return train


def against_peers(seconds: float) -> list[Row]:
    """Whole calls of fit: what it does around its compiled epochs counts too."""
    from jaxnn.benchmark import compare

    own = fit()
    made = {name: ready(name, make) for name, (make, _) in PEERS.items()}
    peers = {name: train for name, train in made.items() if train is not None}
    rows = []
    for epochs in EPOCHS:
        for name, train in peers.items():
            pair = {name: partial(train, epochs), "jaxnn": partial(own, epochs)}
            peer, us = compare(pair, seconds=seconds).contestants
            what = f"{name}, epochs: {epochs}"
            rows.append(Row(what, us.median, peer.median, us.ratio, PEERS[name][1]))
    return rows


def many_seeds(seconds: float) -> list[Row]:
    """Many networks at once against one of them."""
    from jaxnn.benchmark import compare

    rows = []
    for sizes in (SIZES, SMALL):
        pair = {"one": partial(fit(sizes), 1), "many": partial(fit(sizes, SEEDS), 1)}
        one, many = compare(pair, seconds=seconds).contestants
        what = f"{SEEDS} seeds of {sizes}, against one"
        rows.append(Row(what, many.median, one.median, many.ratio, "≤ 8"))
    return rows


def main() -> None:
    """Compare fit with the others, then many seeds with one."""
    options = arguments(__doc__ or "", seconds=5.0)
    rows = against_peers(options.seconds) + many_seeds(options.seconds)
    report(rows, options, "peer")


if __name__ == "__main__":
    main()
