"""Write random.npz and box_muller.npz: torch's random numbers, as digests.

Run with torch installed: ``python tests/golden/make_random.py``. Every row of the table in
tests/random/cases.py is drawn from one torch generator in turn; the file keeps the first numbers,
a digest of them all, and a digest of the generator's bytes after the call.

box_muller.npz holds digests of torch's float32 normals for every possible input of the radius and
of the angle. torch is driven to them by writing its generator's words (tempering is invertible).
"""

import hashlib
import sys
from pathlib import Path
from typing import Any

import numpy as np
import torch

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.random.cases import TABLE
from tests.random.torch_draws import draw, state_bytes, to_bytes

HERE = Path(__file__).parent
SEED = 2147483647
N = 624
INPUTS = 1 << 24
DIGEST_EVERY = 1 << 20


def digest(data: bytes) -> np.ndarray:
    return np.frombuffer(hashlib.sha256(data).digest(), np.uint8)


def table() -> dict[str, Any]:
    generator = torch.Generator().manual_seed(SEED)
    rows = []
    for case in TABLE:
        numbers = draw(case, generator)
        rows.append((digest(to_bytes(numbers)), digest(state_bytes(generator)), to_bytes(numbers)))
    return {
        "names": np.array([case.name for case in TABLE]),
        "numbers": np.stack([row[0] for row in rows]),
        "states": np.stack([row[1] for row in rows]),
        "heads": np.array([row[2][:64].hex() for row in rows]),
    }


def untemper(words: np.ndarray) -> np.ndarray:
    """Return the engine words that come out of the tempering as these."""
    y = words.astype(np.uint32)
    y ^= y >> 18
    y ^= (y << np.uint32(15)) & np.uint32(0xEFC60000)
    x = y.copy()
    for _ in range(5):
        x = y ^ ((x << np.uint32(7)) & np.uint32(0x9D2C5680))
    y = x.copy()
    for _ in range(3):
        y = x ^ (y >> np.uint32(11))
    return y


def normals_of(words: np.ndarray) -> np.ndarray:
    """Return what torch's randn makes of given words, 16 a block."""
    generator = torch.Generator()
    state = bytearray(state_bytes(generator))
    state[8:12] = N.to_bytes(4, "little")  # left
    state[16:24] = (1).to_bytes(8, "little")  # next: word 0 is never drawn
    out = []
    per_state = N - 16
    for start in range(0, words.size, per_state):
        chunk = words[start : start + per_state]
        block = np.zeros(N, np.uint64)
        block[1 : 1 + chunk.size] = untemper(chunk)
        state[24 : 24 + 8 * N] = block.astype("<u8").tobytes()
        generator.set_state(torch.frombuffer(state, dtype=torch.uint8))
        out.append(torch.randn(chunk.size, generator=generator).numpy())
    return np.concatenate(out)


def unit_radius_word() -> int:
    """Return a word whose radius is 1, so that sine and cosine come out as they are."""
    near = int((1 - np.exp(-0.5)) * INPUTS)
    candidates = np.arange(near - 64, near + 64)
    for word, value in zip(candidates, radii(candidates), strict=True):
        if value == 1:
            return int(word)
    raise AssertionError("no input gives the radius 1")


def radii(inputs: np.ndarray) -> np.ndarray:
    """Return torch's radius for words' low 24 bits, by way of the angle 0."""
    words = np.zeros((inputs.size // 8, 16), np.uint32)
    words[:, :8] = inputs.reshape(-1, 8)
    return normals_of(words.reshape(-1)).reshape(-1, 16)[:, :8].reshape(-1)


def cosines_and_sines(inputs: np.ndarray, radius_word: int) -> tuple[np.ndarray, np.ndarray]:
    words = np.full((inputs.size // 8, 16), radius_word, np.uint32)
    words[:, 8:] = inputs.reshape(-1, 8)
    normals = normals_of(words.reshape(-1)).reshape(-1, 2, 8)
    return normals[:, 0].reshape(-1), normals[:, 1].reshape(-1)


def box_muller() -> dict[str, Any]:
    radius_word = unit_radius_word()
    digests = {"radius": [], "cosine": [], "sine": []}
    for start in range(0, INPUTS, DIGEST_EVERY):
        inputs = np.arange(start, start + DIGEST_EVERY, dtype=np.uint32)
        cosine, sine = cosines_and_sines(inputs, radius_word)
        for name, values in (("radius", radii(inputs)), ("cosine", cosine), ("sine", sine)):
            digests[name].append(digest(values.tobytes()))
        print(f"{start + DIGEST_EVERY:,} of {INPUTS:,} inputs", flush=True)  # noqa: T201 (a script)
    return {name: np.stack(rows) for name, rows in digests.items()} | {
        "radius_word": np.uint32(radius_word)
    }


if __name__ == "__main__":
    torch.set_num_threads(1)
    version = np.array(torch.__version__)
    np.savez_compressed(HERE / "random.npz", seed=SEED, torch_version=version, **table())
    np.savez_compressed(HERE / "box_muller.npz", torch_version=version, **box_muller())
