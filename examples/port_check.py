"""Prove a port from PyTorch right: the same seed must give the same weights, bit for bit.

The expected numbers were printed by torch 2.13:

    torch.manual_seed(0)
    model = nn.Sequential(nn.Linear(3, 2), nn.Sigmoid(), nn.Linear(2, 1))
    print(model[0].weight.tolist(), model[2].bias.tolist())
    print(torch.rand(2).tolist(), torch.randperm(5).tolist())
"""

import numpy as np

import jaxnn

WEIGHT = [
    [-0.004322517663240433, 0.3097158372402191, -0.4751853346824646],
    [-0.4248946011066437, -0.2223689705133438, 0.15482072532176971],
]
BIAS = [-0.2136969119310379]
RAND = [0.40171730518341064, 0.022325754165649414]
RANDPERM = [4, 3, 0, 1, 2]


def main() -> None:
    generator = jaxnn.random.Generator().manual_seed(0)
    first, last = jaxnn.init_mlp(generator, (3, 2, 1))
    ours = {
        "first weight": (first.kernel.T, WEIGHT),
        "last bias": (last.bias, BIAS),
        "rand": (jaxnn.random.uniform(generator, (2,)), RAND),
        "randperm": (jaxnn.random.permutation(generator, 5), RANDPERM),
    }
    for name, (actual, expected) in ours.items():
        np.testing.assert_array_equal(actual, np.asarray(expected, np.asarray(actual).dtype))
        print(f"{name:<14}equal")


if __name__ == "__main__":
    main()
