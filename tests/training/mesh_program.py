"""Trainings on meshes of 2 and 8 devices beside the same on one: prints "done".

A program of its own, since JAX asks once, when it starts, how many devices there are.
"""

import sys
import tempfile
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from jax.sharding import NamedSharding
from jax.sharding import PartitionSpec as P

import jaxnn
from jaxnn import optim
from jaxnn.random import Generator
from jaxnn.training import fit
from jaxnn.training.prefetching import prefetched
from tests.training.lines import LINE, fit_line, line_loss

X = np.linspace(-1, 1, 44, dtype=np.float32)
Y = 3 * X + 1
MESHES = [jax.make_mesh((8,), ("data",)), jax.make_mesh((2, 4), ("data", "model"))]
NETWORKS: dict[str, Any] = {
    "params": jax.tree.map(lambda leaf: jnp.stack([leaf, leaf]), LINE),
    "rng": jax.random.split(jax.random.key(0), 2),
}


def counting_loss(params: Any, statistics: Any, x: Any, y: Any) -> Any:
    return line_loss(params, x, y), statistics + jnp.sum(x)


RUNS: dict[str, dict[str, Any]] = {
    "a short last batch": {"validation": (X, Y)},
    "a stream": {"data": [(X[:16], Y[:16]), (X[16:], Y[16:])], "batch_size": None},
    "many networks": NETWORKS,
    "statistics": {"loss": counting_loss, "statistics": jnp.float32(0)},
    "without recover": {"recover": False},
    "a checkpoint": {"checkpoint": None},
}
BOTH = ("a short last batch", "a stream")  # on both meshes, the others on one of them


def line(mesh: Any, **options: Any) -> Any:
    """A line is fitted; where there are checkpoints, by two runs, of which one goes on."""
    settings = {"data": (X, Y), "batch_size": 16} | options
    if "checkpoint" not in options:
        return fit_line(mesh=mesh, **settings)
    with tempfile.TemporaryDirectory() as folder:
        settings["checkpoint"] = folder
        fit_line(mesh=mesh, epochs=1, **settings)
        return fit_line(mesh=mesh, **settings)


def assert_alike(ours: Any, expected: Any) -> None:
    for name in ("params", "opt_state", "losses", "validation", "statistics"):
        pairs = (jax.tree.leaves(getattr(result, name)) for result in (ours, expected))
        for a, b in zip(*pairs, strict=True):
            np.testing.assert_allclose(a, b, rtol=1e-5, atol=1e-6, err_msg=name)


def lines() -> None:
    for name, options in RUNS.items():
        expected = line(None, **options)
        for mesh in MESHES if name in BOTH else MESHES[:1]:
            result = line(mesh, **options)
            assert_alike(result, expected)
            for leaf in jax.tree.leaves((result.params, result.opt_state)):
                assert leaf.sharding.is_fully_replicated, name
                assert leaf.sharding.device_set == set(mesh.devices.flat), name


def batches_are_divided() -> None:
    seen = []

    def loss(params: Any, x: Any, y: Any) -> Any:
        jax.debug.inspect_array_sharding(x, callback=lambda s: seen.append(s.shard_shape(x.shape)))
        return line_loss(params, x, y)

    fit_line(loss=loss, data=(X, Y), batch_size=16, mesh=MESHES[0], drop_last=True)
    fit_line(loss=loss, data=[(X[:24], Y[:24])], batch_size=None, mesh=MESHES[0], epochs=1)
    assert set(seen) == {(2,), (3,)}, seen
    placed, _ = next(prefetched(iter([(X[:24], Y[:24])]), MESHES[0]))
    assert placed.sharding.shard_shape(placed.shape) == (3,)


def dropout_is_torchs() -> None:
    """Each draws its part of the masks from torch's stream, which stands where it would."""

    def loss(params: Any, x: Any, y: Any, rng: Any) -> Any:
        return jaxnn.cross_entropy(jaxnn.mlp(params, x, dropout_rate=0.5, rng=rng), y)

    x, y = np.sin(np.arange(480, dtype=np.float32)).reshape(60, 8), np.arange(60) % 3
    results, states = [], []
    for mesh in (None, MESHES[0]):
        generator = Generator().manual_seed(0)
        params = jaxnn.init_mlp(generator, (8, 16, 3))
        results.append(
            fit(
                loss, params, (x, y), optimizer=OPTIMIZER, epochs=2, batch_size=24,
                rng=generator, mesh=mesh, progress=False,
            )
        )  # fmt: skip
        states.append(generator.get_state())
        assert len(jaxnn.random.uniform(generator, (3,)).sharding.device_set) == 1
    assert_alike(*results[::-1])
    assert states[0] == states[1]


OPTIMIZER = optim.adam(1e-2)


def arrays_may_lie_on_the_mesh() -> None:
    """And that mesh may be the current one."""
    expected = line(None, data=(X[:40], Y[:40]), validation=(X[:8], Y[:8]), batch_size=8)
    mesh = MESHES[0]
    with jax.set_mesh(mesh):
        by_sample, whole = (NamedSharding(mesh, spec) for spec in (P("data"), P()))
        assert_alike(
            line(
                mesh, params=jax.device_put(LINE, whole), batch_size=8,
                data=jax.device_put((X[:40], Y[:40]), by_sample),
                validation=jax.device_put((X[:8], Y[:8]), by_sample),
            ),
            expected,
        )  # fmt: skip


def what_cannot_be_divided_is_refused() -> None:
    with pytest.raises(ValueError) as raised:
        fit_line(data=(X, Y), batch_size=12, mesh=MESHES[0])
    assert str(raised.value) == (
        'fit: batch_size must be a multiple of 8, the length of the axis "data"; got 12; '
        "use batch_size=16"
    )


if __name__ == "__main__":
    jax.config.update("jax_numpy_rank_promotion", "raise")
    jax.config.update("jax_numpy_dtype_promotion", "strict")
    lines()
    batches_are_divided()
    dropout_is_torchs()
    arrays_may_lie_on_the_mesh()
    what_cannot_be_divided_is_refused()
    sys.stdout.write("done\n")
