"""Ten million float32 normals from their uniforms: in doubles, and without, on whatever device.

The faster of the two is what `jaxnn.random.single_math.by_platform` should choose there.
"""

import functools

from _command import Row, arguments, report

COUNT = 10_000_000


def measured(seconds: float) -> list[Row]:
    """Time both in turn."""
    import jax
    import jax.numpy as jnp

    from jaxnn.benchmark import compare
    from jaxnn.random.cpu.continuous import box_muller32
    from jaxnn.random.single_math import IN_DOUBLES, WITHOUT_DOUBLES

    u, v = 1 - jax.random.uniform(jax.random.key(0), (2, COUNT // 16, 8), jnp.float32)

    def normals(arithmetic):
        compute = jax.jit(functools.partial(box_muller32, arithmetic))

        def compute_now():
            with jax.enable_x64(True):
                return compute(u, v)

        return compute_now

    ways = {"without doubles": normals(WITHOUT_DOUBLES), "in doubles": normals(IN_DOUBLES)}
    comparison = compare(ways, seconds=seconds)
    without, within = comparison.contestants
    what = f"Box-Muller, {COUNT:.0e} float32, {jax.devices()[0].device_kind}"
    return [Row(what, within.median, without.median, within.ratio, "whichever is less")]


def main() -> None:
    """Measure on JAX's default device."""
    options = arguments(__doc__ or "", seconds=3.0)
    report(measured(options.seconds), options, "without doubles")


if __name__ == "__main__":
    main()
