"""Make run.pt: what a training script of torch saves when half of its epochs are over.

Beside it are the mean losses of the epochs that torch made afterwards, for comparison.
"""

import copy
from pathlib import Path

import torch
from sklearn.datasets import load_digits
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

EPOCHS = 6


def main() -> None:
    torch.manual_seed(0)
    pixels, digits = load_digits(return_X_y=True)
    x, y = torch.from_numpy(pixels / 16).float(), torch.from_numpy(digits)
    model = nn.Sequential(nn.Linear(64, 16), nn.ReLU(), nn.Linear(16, 10))
    loader = DataLoader(TensorDataset(x, y), batch_size=32, shuffle=True)
    optimizer = torch.optim.AdamW(model.parameters(), lr=3e-3)
    scheduler = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, T_max=EPOCHS)
    saved, losses = {}, []
    for epoch in range(EPOCHS):
        if epoch == EPOCHS // 2:
            saved = {
                "model": model.state_dict(),
                "optimizer": optimizer.state_dict(),
                "scheduler": scheduler.state_dict(),
                "rng": torch.get_rng_state(),
                "epoch": epoch,
            }
            saved = copy.deepcopy(saved)  # the tensors go on to change
        total = 0.0
        for batch_x, batch_y in loader:
            optimizer.zero_grad()
            loss = nn.functional.cross_entropy(model(batch_x), batch_y)
            loss.backward()
            optimizer.step()
            total += loss.item()
        losses.append(total / len(loader))
        scheduler.step()
    saved["losses_afterwards"] = losses[EPOCHS // 2 :]
    torch.save(saved, Path(__file__).with_name("run.pt"))


if __name__ == "__main__":
    main()
