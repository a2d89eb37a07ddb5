"""torch's CUDA kernels thread by thread, in NumPy: what the package's vectors are held against.

It is written from the other end: for each thread a counter, for each step a block of four words,
each word to the place where that thread writes it. 64-bit integers and plain loops over lanes.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

BLOCK = 256
LOW32 = np.uint64(0xFFFFFFFF)


class Card(NamedTuple):
    sms: int
    threads_per_sm: int


def philox(counter: np.ndarray, key: tuple[int, int]) -> np.ndarray:
    """Ten rounds of Philox4x32 on counters uint64[..., 4], each word below 2**32."""
    x = [counter[..., i] for i in range(4)]
    k0, k1 = key
    for _ in range(10):
        first, second = x[0] * np.uint64(0xD2511F53), x[2] * np.uint64(0xCD9E8D57)
        x = [
            second >> np.uint64(32) ^ x[1] ^ np.uint64(k0),
            second & LOW32,
            first >> np.uint64(32) ^ x[3] ^ np.uint64(k1),
            first & LOW32,
        ]
        k0, k1 = (k0 + 0x9E3779B9) % 2**32, (k1 + 0xBB67AE85) % 2**32
    return np.stack(x, axis=-1)


def thread_words(seed: int, offset: int, threads: np.ndarray, step: int) -> np.ndarray:
    """The four words that each thread draws in its step-th draw, uint64[threads, 4]."""
    position = offset // 4 + step
    counter = np.zeros((threads.size, 4), np.uint64)
    counter[:, 0], counter[:, 1] = position % 2**32, position >> 32
    counter[:, 2] = threads
    return philox(counter, (seed % 2**32, seed >> 32))


def fill(
    seed: int, offset: int, count: int, card: Card, lanes: int, convert: Callable
) -> tuple[np.ndarray, int]:
    """Run a grid-stride kernel: what it writes, and the offset after it."""
    grid = min(-(-count // BLOCK), card.sms * (card.threads_per_sm // BLOCK))
    threads = np.arange(grid * BLOCK, dtype=np.uint64)
    written: dict[int, np.ndarray] = {}
    start, step = 0, 0
    while start < count:
        numbers = convert(thread_words(seed, offset, threads, step))
        for lane in range(lanes):
            written[start + lane * threads.size] = numbers[:, lane]
        start, step = start + lanes * threads.size, step + 1
    out = np.concatenate([written[place] for place in sorted(written)])[:count]
    return out, offset + ((count - 1) // (threads.size * lanes) + 1) * 4


def uniform32(words: np.ndarray) -> np.ndarray:
    """curand's float in (0, 1]: the word rounded to float, then one sum."""
    return words.astype(np.float32) * np.float32(2.0**-32) + np.float32(2.0**-33)


def uniform64(words: np.ndarray) -> np.ndarray:
    """curand's double in (0, 1) from two words."""
    joined = words[:, 0::2] ^ words[:, 1::2] << np.uint64(21)
    return joined.astype(np.float64) * 2.0**-53 + 2.0**-54


def normal32(words: np.ndarray) -> np.ndarray:
    """curand's Box-Muller pairs, from float inputs by double functions."""
    scale = np.float64(np.float32(2 * np.pi)) * 2.0**-32
    u = uniform32(words[:, 0::2]).astype(np.float64)
    v = (words[:, 1::2].astype(np.float32).astype(np.float64) + 0.5) * scale
    v = v.astype(np.float32).astype(np.float64)
    radius = np.sqrt(-2 * np.log(u))
    return np.stack([radius * np.sin(v), radius * np.cos(v)], axis=-1).reshape(words.shape)


def normal64(words: np.ndarray) -> np.ndarray:
    """curand's Box-Muller pair, from double inputs by long double functions."""
    unit = uniform64(words).astype(np.longdouble)
    turns = unit[:, 1] - np.round(unit[:, 1])
    radius, angle = np.sqrt(-2 * np.log(unit[:, 0])), 8 * np.arctan(np.longdouble(1)) * turns
    return np.stack([radius * np.sin(angle), radius * np.cos(angle)], axis=-1)


def join64(words: np.ndarray) -> np.ndarray:
    """Two words as one of 64 bits, the first one high."""
    return words[:, 0::2] << np.uint64(32) | words[:, 1::2]


def key_bits(n: int) -> int:
    """How long torch.randperm makes its keys."""
    return int(np.ceil(np.log2(n - (6 * n**2 + 1) / (12 * np.log(0.9)))))


def permutation(seed: int, offset: int, n: int, card: Card) -> tuple[np.ndarray, int]:
    """torch.randperm: sort by keys of few bits, then shuffle where keys are equal."""
    bits = key_bits(n)
    span, dtype = (2**32 - 1, np.int32) if bits <= 32 else (2**64 - 1, np.int64)

    def key(words: np.ndarray) -> np.ndarray:
        return (join64(words) % np.uint64(span)).astype(np.int64) + np.int64(np.iinfo(dtype).min)

    with np.errstate(over="ignore"):
        keys, offset = fill(seed, offset, n, card, 2, key)
    low = keys if bits == 32 else keys & (2**bits - 1)
    order = np.argsort(low, kind="stable")
    low = low[order]
    start = 0
    while start < n:
        size = int(np.searchsorted(low, low[start], side="right")) - start
        thread = np.array([start], np.uint64)
        for drawn, last in enumerate(range(size - 1, 0, -1)):
            word = int(thread_words(seed, offset, thread, drawn // 4)[0, drawn % 4])
            other = start + word % (last + 1)
            order[start + last], order[other] = order[other], order[start + last]
        start += size
    return order, offset + -(-n // 4) * 4


def dropout(
    seed: int, offset: int, count: int, card: Card, itemsize: int, keep: float
) -> tuple[np.ndarray, int]:
    """What native_dropout keeps: each thread takes whole vectors of neighbours."""
    vector = 16 // itemsize
    while count % vector:
        vector //= 2
    p = np.float64(keep) if itemsize == 8 else np.float32(keep)
    if vector == 1:
        return fill(seed, offset, count, card, 4, lambda words: uniform32(words) < p)
    running = BLOCK * min(-(-count // BLOCK), card.sms * (card.threads_per_sm // BLOCK))
    out = np.zeros(count, np.bool_)
    step = 0
    for start in range(0, count, running * vector):
        threads = np.arange(min(running, (count - start) // vector), dtype=np.uint64)
        drawn = []
        for _ in range(max(vector // 4, 1)):
            drawn.append(uniform32(thread_words(seed, offset, threads, step))[:, :vector])
            step += 1
        kept = np.concatenate(drawn, axis=1).ravel() < p
        out[start : start + kept.size] = kept
    return out, offset + ((count - 1) // (running * 4) + 1) * 4
