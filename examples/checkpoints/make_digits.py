"""Make digits.pt: what a training script of torch saves of a network that reads digits."""

from collections import OrderedDict
from pathlib import Path

import torch
from sklearn.datasets import load_digits
from torch import nn


def main() -> None:
    torch.manual_seed(0)
    pixels, digits = load_digits(return_X_y=True)
    x, y = torch.from_numpy(pixels / 16).float(), torch.from_numpy(digits)
    is_test = torch.arange(len(x)) % 5 == 0
    layers = {"hidden": nn.Linear(64, 32), "relu": nn.ReLU(), "output": nn.Linear(32, 10)}
    model = nn.Sequential(OrderedDict(layers))
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-2)
    for _ in range(100):
        optimizer.zero_grad()
        nn.functional.cross_entropy(model(x[~is_test]), y[~is_test]).backward()
        optimizer.step()
    with torch.no_grad():
        logits = model(x[is_test])
    saved = {
        "model": model.state_dict(),
        "sizes": [64, 32, 10],
        "test_accuracy": (logits.argmax(1) == y[is_test]).float().mean().item(),
        "test_logits": logits[:3].clone(),
        "torch": str(torch.__version__),
    }
    torch.save(saved, Path(__file__).with_name("digits.pt"))


if __name__ == "__main__":
    main()
