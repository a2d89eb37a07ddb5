"""The PyTorch introduction's two networks, on the adapter and on the core, beside its digits.

Both start from seed 7: a single neuron over five features, and a stacked network of three features,
two hidden units and one output. Every number that the introduction prints for them is here.

Source: "Introduction to Deep Learning with PyTorch",
https://github.com/udacity/deep-learning-v2-pytorch/tree/master/intro-to-pytorch
"""

import itertools
from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np

import jaxnn
from jaxnn import torch
from jaxnn.random import Generator, normal
from jaxnn.torch.random import fork_rng

__all__ = [
    "Number",
    "compare",
    "network_on_adapter",
    "network_on_core",
    "neuron_on_adapter",
    "neuron_on_core",
    "table",
]

_SEED = 7

#: What the introduction prints, by network and name, row by row.
PUBLISHED = {
    "Single neuron": {
        "features": "-0.1468 0.7861 0.9468 -1.1143 1.6908",
        "weights": "-0.8948 -0.3556 1.2324 0.1382 -1.6822",
        "bias": "0.3177",
        "sum": "-1.6619",
        "y": "0.1595",
    },
    "Stacked network": {
        "features": "-0.1468 0.7861 0.9468",
        "W1": "-1.1143 1.6908 -0.8948 -0.3556 1.2324 0.1382",
        "W2": "-1.6822 0.3177",
        "B1": "0.1328 0.1373",
        "B2": "0.2405",
        "h": "0.6813 0.4355",
        "output": "0.3171",
    },
}


def neuron_on_adapter() -> dict[str, Any]:
    """The single neuron as the introduction writes it: ``y = sigmoid(x · w + b)``.

    Returns:
        The tensors by the introduction's names. The adapter's default generator is as before.

    >>> neuron_on_adapter()["y"]
    tensor([[0.1595]])
    """
    with fork_rng():
        torch.manual_seed(_SEED)
        features = torch.randn((1, 5))
        weights = torch.randn_like(features)
        bias = torch.randn((1, 1))
    total = torch.mm(features, weights.view(5, 1)) + bias
    y = 1 / (1 + torch.exp(-total))
    return {"features": features, "weights": weights, "bias": bias, "sum": total, "y": y}


def neuron_on_core() -> dict[str, Any]:
    """The single neuron as the core writes it: a dense layer and a sigmoid.

    Returns:
        The arrays by the introduction's names.

    >>> neuron_on_core()["y"].round(4)
    Array([[0.1595]], dtype=float32)
    """
    rng = Generator().manual_seed(_SEED)
    features, weights, bias = (normal(rng, shape) for shape in ((1, 5), (1, 5), (1, 1)))
    total = jaxnn.dense(jaxnn.Dense(weights.T, bias[0]), features)
    y = jaxnn.sigmoid(total)
    return {"features": features, "weights": weights, "bias": bias, "sum": total, "y": y}


def network_on_adapter() -> dict[str, Any]:
    """The stacked network as the introduction writes it.

    Returns:
        The tensors by the introduction's names. The adapter's default generator is as before.

    >>> network_on_adapter()["output"]
    tensor([[0.3171]])
    """
    with fork_rng():
        torch.manual_seed(_SEED)
        features = torch.randn((1, 3))
        W1 = torch.randn(3, 2)
        W2 = torch.randn(2, 1)
        B1 = torch.randn((1, 2))
        B2 = torch.randn((1, 1))
    h = 1 / (1 + torch.exp(-(torch.mm(features, W1) + B1)))
    output = 1 / (1 + torch.exp(-(torch.mm(h, W2) + B2)))
    drawn = {"features": features, "W1": W1, "W2": W2, "B1": B1, "B2": B2}
    return {**drawn, "h": h, "output": output}


def network_on_core() -> dict[str, Any]:
    """The stacked network as the core writes it: an MLP with a sigmoid after both layers.

    Returns:
        The arrays by the introduction's names.

    >>> network_on_core()["output"].round(4)
    Array([[0.3171]], dtype=float32)
    """
    rng = Generator().manual_seed(_SEED)
    shapes = {"features": (1, 3), "W1": (3, 2), "W2": (2, 1), "B1": (1, 2), "B2": (1, 1)}
    drawn = {name: normal(rng, shape) for name, shape in shapes.items()}
    features = drawn["features"]
    params = jaxnn.Dense(drawn["W1"], drawn["B1"][0]), jaxnn.Dense(drawn["W2"], drawn["B2"][0])
    h = jaxnn.mlp(params[:1], features, output_activation=jaxnn.sigmoid)
    output = jaxnn.mlp(params, features, output_activation=jaxnn.sigmoid)
    return {**drawn, "h": h, "output": output}


class Number(NamedTuple):
    """One number that the introduction prints, and what the adapter and the core make of it.

    >>> Number("Single neuron", "y[0, 0]", "0.1595", 0.159514, 0.159514).agrees
    True
    """

    network: str
    name: str
    published: str
    adapter: float
    core: float

    @property
    def agrees(self) -> bool:
        """Whether both print as the published digits do."""
        return f"{self.adapter:.4f}" == f"{self.core:.4f}" == self.published


#: The networks by name, each in both worlds: on the adapter, on the core.
NETWORKS = {
    "Single neuron": (neuron_on_adapter, neuron_on_core),
    "Stacked network": (network_on_adapter, network_on_core),
}


def compare() -> list[Number]:
    """Run both networks in both worlds and set every number beside the published one.

    >>> all(number.agrees for number in compare())
    True
    """
    return [
        number
        for network, (on_adapter, on_core) in NETWORKS.items()
        for number in _numbers(network, on_adapter(), on_core())
    ]


def _numbers(network: str, on_adapter: dict[str, Any], on_core: dict[str, Any]) -> Iterator[Number]:
    for name, row in PUBLISHED[network].items():
        adapter, core = np.asarray(on_adapter[name]), np.asarray(on_core[name])
        for index, digits in zip(np.ndindex(core.shape), row.split(), strict=True):
            element = f"{name}{list(index)}"
            yield Number(network, element, digits, float(adapter[index]), float(core[index]))


def table(numbers: list[Number]) -> str:
    """The comparison as text: a line for each number, and how many agree.

    Args:
        numbers: Of `compare`.

    >>> print(table([Number("Single neuron", "y[0, 0]", "0.1595", 0.159514, 0.159514)]))
    Single neuron      published    adapter       core  agree
      y[0, 0]             0.1595     0.1595     0.1595    yes
    1 of 1 numbers agree with the published digits
    """
    lines = []
    for network, group in itertools.groupby(numbers, lambda number: number.network):
        lines.append(f"{network:<17}{'published':>11}{'adapter':>11}{'core':>11}  agree")
        lines.extend(map(_line, group))
    agreeing = sum(number.agrees for number in numbers)
    lines.append(f"{agreeing} of {len(numbers)} numbers agree with the published digits")
    return "\n".join(lines)


def _line(number: Number) -> str:
    digits = f"{number.published:>11}{number.adapter:>11.4f}{number.core:>11.4f}"
    return f"  {number.name:<15}{digits}{'yes' if number.agrees else 'NO':>7}"
