"""Fisher and Yates's shuffle in parallel: the order that n - 1 sequential swaps would leave.

Step i swaps place i with place p[i] >= i, and no later step touches place i. What it then holds has
stood at place p[i] since the latest step s < i with p[s] = p[i], which took it from place s; if
there is none, it is p[i] itself. And what place s held before step s came there in the latest step
r < s with p[r] = s, from place r, and so on. So the order follows from links of one kind, "the
latest step with that partner before this one"; they are found in blocks, and followed at once.

Source: J. Shun, Y. Gu, G. Blelloch, J. Fineman and P. Gibbons, "Sequential Random Permutation, List
Contraction and Tree Contraction are Highly Parallel", SODA 2015, which shows that the chains are
short.
"""

import jax
import jax.numpy as jnp
from jax import lax

BLOCK = 4096  # steps whose links are found together, at most
FEW = 128  # steps of which each is compared with each
NONE = -1


def shuffle(partners: jax.Array) -> jax.Array:
    """Return the numbers 0 to n - 1 after the swaps of i with partners[i] in turn, int32[n].

    Args:
        partners: int32[n], i <= partners[i] < n, n below 2**28; the last is n - 1.
    """
    before, latest = (_links_of_few if partners.size <= FEW else _links)(partners)
    places = jnp.arange(partners.size, dtype=jnp.int32)
    # A place that is its own partner is reached last by its own step, which moves nothing.
    into = jnp.where(latest == places, before, latest)
    origins = _roots(jnp.where(into == NONE, places, into))
    return jnp.where(before == NONE, partners, _take(origins, jnp.maximum(before, 0)))


def _roots(parents: jax.Array) -> jax.Array:
    """Return where the chains of parents end, each round doubling the steps taken."""

    def double(carry: tuple[jax.Array, jax.Array]) -> tuple[jax.Array, jax.Array]:
        near, _ = carry
        far = _take(near, near)
        return far, jnp.any(far != near)

    return lax.while_loop(lambda carry: carry[1], double, (parents, jnp.bool_(True)))[0]


def _links_of_few(partners: jax.Array) -> tuple[jax.Array, jax.Array]:
    """Return what `_links` does, from all pairs."""
    steps = jnp.arange(partners.size, dtype=jnp.int32)
    same = partners[None, :] == partners[:, None]
    before = jnp.where(same & (steps[None, :] < steps[:, None]), steps[None, :], NONE)
    latest = jnp.where(partners[None, :] == steps[:, None], steps[None, :], NONE)
    return before.max(axis=1), latest.max(axis=1)


def _links(partners: jax.Array) -> tuple[jax.Array, jax.Array]:
    """Return for each step the latest step before it with its partner, or NONE.

    And for each place, the latest of all steps with that partner, or NONE.
    """
    n = partners.size
    block = min(n, BLOCK)
    blocks = -(-n // block)
    size = (blocks + 1) * block
    # Steps that fill up the last block, and a block after it, are their own partners.
    keys = jnp.append(partners, jnp.arange(n, size, dtype=jnp.int32))

    def link(b: jax.Array, carry: tuple[jax.Array, ...]) -> tuple[jax.Array, ...]:
        before, latest, scratch, epoch, seen = carry
        start = b * block
        key, following = (lax.dynamic_slice(keys, (start + i,), (block,)) for i in (0, block))
        latest = latest.at[key].max(start + jnp.arange(block, dtype=jnp.int32))
        within, scratch, epoch = _links_within(key, _take(latest, key) - start, scratch, epoch)
        links = jnp.where(within == NONE, seen, start + within)
        before = lax.dynamic_update_slice(before, links, (start,))
        # Read for the next step already: a read before a write in the same step costs a copy.
        return before, latest, scratch, epoch, _take(latest, following)

    none = jnp.full(size, NONE, jnp.int32)
    start = none, none, jnp.zeros(size, jnp.int32), jnp.int32(1), none[:block]
    before, latest, *_ = lax.fori_loop(jnp.int32(0), jnp.int32(blocks), link, start)
    return before[:n], latest[:n]


def _links_within(
    key: jax.Array, last: jax.Array, scratch: jax.Array, epoch: jax.Array
) -> tuple[jax.Array, jax.Array, jax.Array]:
    """Return for each step of a block the latest one before it, in the block, with its key.

    Each round finds the latest steps not placed yet, and links to them those of the round before.
    Few steps of a block share a key: nearly all blocks need a round or two.

    Args:
        key: int32[block].
        last: int32[block], the latest step in the block with each step's key.
        scratch: a number for each key, below the block times the epoch: it is never cleared.
        epoch: how many rounds there have been, plus one.

    Returns:
        The links, or NONE, and scratch and epoch after the rounds.
    """
    block = key.size
    steps = jnp.arange(block, dtype=jnp.int32)
    latest = last == steps

    def place(carry: tuple[jax.Array, ...]) -> tuple[jax.Array, ...]:
        links, latest, waiting, scratch, epoch = carry
        base = epoch * block
        # Those that wait no more all go to one place at the end, which is nobody's key.
        at = jnp.where(waiting, key, scratch.size - 1)
        scratch = scratch.at[at].max(jnp.where(waiting, base + steps, 0))
        found = _take(scratch, key) - base
        links = jnp.where(latest & (found >= 0), found, links)
        latest = waiting & (found == steps)
        return links, latest, waiting & ~latest, scratch, epoch + 1

    start = jnp.full(block, NONE, jnp.int32), latest, ~latest, scratch, epoch
    links, _, _, scratch, epoch = lax.while_loop(lambda carry: jnp.any(carry[2]), place, start)
    return links, scratch, epoch


def _take(x: jax.Array, at: jax.Array) -> jax.Array:
    return x.at[at].get(mode="promise_in_bounds")
