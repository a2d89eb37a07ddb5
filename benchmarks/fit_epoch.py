"""An epoch on scikit-learn's digits: `jaxnn.fit` against torch's DataLoader loop."""

from itertools import pairwise

from _command import Row, arguments, report

SIZES = (64, 128, 64, 10)
BATCH_SIZE = 32
LEARNING_RATE = 0.1


def main() -> None:
    """Compare whole calls: whatever fit does around its compiled epoch counts too."""
    options = arguments(__doc__ or "", seconds=10.0)
    import jax
    import optax
    import torch
    from sklearn.datasets import load_digits
    from torch.utils.data import DataLoader, TensorDataset

    import jaxnn
    from jaxnn.benchmark import compare

    pixels, digits = load_digits(return_X_y=True)
    x, y = (pixels / 16).astype("float32"), digits.astype("int32")
    params = jaxnn.init_mlp(jaxnn.random.Generator().manual_seed(0), SIZES)
    optimizer = optax.sgd(LEARNING_RATE)
    generator = jaxnn.random.Generator().manual_seed(0)

    def loss(params: tuple, x: jax.Array, y: jax.Array) -> jax.Array:
        return jaxnn.cross_entropy(jaxnn.mlp(params, x, activation=jaxnn.relu), y)

    def ours() -> None:
        jaxnn.fit(
            loss, params, (x, y), optimizer=optimizer, epochs=1, batch_size=BATCH_SIZE,
            rng=generator, progress=False,
        )  # fmt: skip

    layers = [torch.nn.Linear(inputs, outputs) for inputs, outputs in pairwise(SIZES)]
    model = torch.nn.Sequential(layers[0], torch.nn.ReLU(), layers[1], torch.nn.ReLU(), layers[2])
    dataset = TensorDataset(torch.from_numpy(x), torch.from_numpy(digits))
    loader = DataLoader(dataset, BATCH_SIZE, shuffle=True)
    descent = torch.optim.SGD(model.parameters(), lr=LEARNING_RATE)

    def theirs() -> None:
        for batch_x, batch_y in loader:
            descent.zero_grad()
            torch.nn.functional.cross_entropy(model(batch_x), batch_y).backward()
            descent.step()

    peer, own = compare({"torch": theirs, "jaxnn": ours}, seconds=options.seconds).contestants
    report([Row("fit, one epoch", own.median, peer.median, own.ratio, "≤ 0.1")], options, "torch")


if __name__ == "__main__":
    main()
