"""The PyTorch introduction's first networks, line by line in both worlds.

Of each pair of lines the first is the introduction's own: `jaxnn.torch` needs no other change than
the import. The second says the same in JAX's way: arrays do not change, functions are pure, and
the generator is an argument. `python -m jaxnn --introduction` compares every digit that the
introduction prints.
"""

import numpy as np

import jaxnn
import jaxnn.torch as torch
from jaxnn.random import Generator, normal


def show(name: str, adapter: torch.Tensor, core: object) -> None:
    """Print both. What was drawn is equal to the bit; sums may differ in the last one."""
    left, right = np.asarray(adapter), np.asarray(core)
    np.testing.assert_allclose(left, right, rtol=1e-6)
    for x in (left, right):
        print(f"{name:<10}{np.array2string(x.ravel(), precision=4)}")
        name = ""


def neuron() -> None:
    """One neuron over five features."""
    torch.manual_seed(7)
    rng = Generator().manual_seed(7)

    features = torch.randn((1, 5))
    x = normal(rng, (1, 5))
    show("features", features, x)

    weights = torch.randn_like(features)
    w = normal(rng, (1, 5))
    show("weights", weights, w)

    bias = torch.randn((1, 1))
    b = normal(rng, (1, 1))
    show("bias", bias, b)

    y = torch.sigmoid(torch.mm(features, weights.view(5, 1)) + bias)
    z = jaxnn.sigmoid(x @ w.T + b)
    show("y", y, z)


def network() -> None:
    """Three features, two hidden units, one output."""
    torch.manual_seed(7)
    rng = Generator().manual_seed(7)

    features = torch.randn((1, 3))
    x = normal(rng, (1, 3))
    show("features", features, x)

    W1, W2 = torch.randn(3, 2), torch.randn(2, 1)
    kernels = normal(rng, (3, 2)), normal(rng, (2, 1))
    show("W1", W1, kernels[0])
    show("W2", W2, kernels[1])

    B1, B2 = torch.randn((1, 2)), torch.randn((1, 1))
    biases = normal(rng, (1, 2)), normal(rng, (1, 1))

    h = torch.sigmoid(torch.mm(features, W1) + B1)
    output = torch.sigmoid(torch.mm(h, W2) + B2)
    layers = [jaxnn.Dense(kernel, bias[0]) for kernel, bias in zip(kernels, biases, strict=True)]
    show("output", output, jaxnn.mlp(layers, x, output_activation=jaxnn.sigmoid))


def memory() -> None:
    """What the introduction shows last: a tensor and NumPy's array in one memory."""
    a = np.arange(6.0).reshape(2, 3)
    b = torch.from_numpy(a)
    b.mul_(2)  # the array changes too
    c = np.arange(6.0, dtype=np.float32) * 2  # the core makes new arrays instead
    show("a", torch.tensor(a, dtype=torch.float32), c.reshape(2, 3))
    print(f"{'':<10}the array has changed with its tensor: {a[1, 2] == 10.0}")


def main() -> None:
    for part in (neuron, network, memory):
        print(part.__doc__)
        part()


if __name__ == "__main__":
    main()
