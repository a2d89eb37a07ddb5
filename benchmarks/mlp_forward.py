"""`jit(mlp)` against the same network written out by hand in jax.numpy."""

from _command import Row, arguments, report

NETWORKS = [((3, 2, 1), 1), ((784, 256, 128, 10), 64), ((784, 1024, 1024, 10), 128)]


def main() -> None:
    """Compare the two at a toy's, a small and a middling size."""
    options = arguments(__doc__ or "", seconds=5.0)
    import jax

    import jaxnn
    from jaxnn.benchmark import compare

    @jax.jit
    def by_hand(params: list, x: jax.Array) -> jax.Array:
        *hidden, (last_kernel, last_bias) = params
        for kernel, bias in hidden:
            x = jax.nn.sigmoid(x @ kernel + bias)
        return x @ last_kernel + last_bias

    ours = jax.jit(jaxnn.mlp)
    rows = []
    for sizes, batch in NETWORKS:
        params = jaxnn.init_mlp(jax.random.key(0), sizes)
        plain = [tuple(layer) for layer in params]
        x = jax.random.normal(jax.random.key(1), (batch, sizes[0]))
        functions = {
            "by hand": lambda plain=plain, x=x: by_hand(plain, x),
            "jaxnn": lambda params=params, x=x: ours(params, x),
        }
        peer, own = compare(functions, seconds=options.seconds).contestants
        what = f"mlp {sizes}, {batch} sample{'s' if batch > 1 else ''}"
        rows.append(Row(what, own.median, peer.median, own.ratio, "≤ 1.05"))
    report(rows, options, "by hand")


if __name__ == "__main__":
    main()
