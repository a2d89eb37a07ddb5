"""A thousand networks from a thousand seeds: one vmap, against torch's loop over its seeds."""

import itertools

from _command import Row, arguments, report

SEEDS = 1000
NETWORKS = [(2, 16, 1), (8, 32, 32, 4), (64, 128, 64, 10)]


def main() -> None:
    """Compare the two for a toy, a small and a middling network."""
    options = arguments(__doc__ or "", seconds=10.0)
    import jax
    import jax.numpy as jnp
    import torch
    from torch import nn

    import jaxnn
    from jaxnn.benchmark import compare

    def sequential(seed: int, sizes: tuple[int, ...]) -> nn.Sequential:
        torch.manual_seed(seed)
        pairs = itertools.pairwise(sizes)
        layers = itertools.chain(*((nn.Linear(*pair), nn.ReLU()) for pair in pairs))
        return nn.Sequential(*list(layers)[:-1])

    seeds, rows = jnp.arange(SEEDS), []
    for sizes in NETWORKS:

        @jax.jit
        @jax.vmap
        def networks(seed: jax.Array, sizes: tuple[int, ...] = sizes) -> tuple[jaxnn.Dense, ...]:
            return jaxnn.init_mlp(jaxnn.random.Generator().manual_seed(seed), sizes)

        functions = {
            "torch": lambda sizes=sizes: [sequential(seed, sizes) for seed in range(SEEDS)],
            "jaxnn": lambda networks=networks: networks(seeds),
        }
        peer, own = compare(functions, seconds=options.seconds).contestants
        rows.append(Row(f"{SEEDS} seeds of {sizes}", own.median, peer.median, own.ratio, "≤ 0.05"))
    report(rows, options, "torch")


if __name__ == "__main__":
    main()
