"""Every test runs in JAX's strictest mode: what a user's strict program would refuse fails here."""

import itertools
import zlib
from pathlib import Path

import hypothesis
import jax
import pytest

jax.config.update("jax_numpy_rank_promotion", "raise")
jax.config.update("jax_numpy_dtype_promotion", "strict")

# Every run tries the same examples, seeded by the test's name, as everything random here is.
hypothesis.settings.register_profile("same in every run", derandomize=True, deadline=None)
hypothesis.settings.load_profile("same in every run")


def pytest_ignore_collect(collection_path: Path) -> bool | None:
    """Take test modules alone: what stands beside them has no tests, and may import torch."""
    is_helper = collection_path.suffix == ".py" and not collection_path.name.startswith("test_")
    return is_helper or None


#: A process may have so many memory mappings on Linux. Each compiled program takes about three, a
#: process that gets no more dies, and before that they fill gigabytes: programs are dropped early.
MAPPINGS = 65_530
_ended = itertools.count(1)


def pytest_runtest_teardown() -> None:
    if next(_ended) % 32 == 0 and _mappings() > MAPPINGS // 6:
        jax.clear_caches()


def _mappings() -> int:
    listed = Path("/proc/self/maps")
    return listed.read_bytes().count(b"\n") if listed.exists() else 0


@pytest.fixture
def seed(request: pytest.FixtureRequest) -> int:
    """A seed of the test's own, the same in every run: a checksum of its name."""
    return zlib.crc32(request.node.nodeid.encode())


@pytest.fixture(params=[False, True], ids=["x64 off", "x64 on"])
def x64(request: pytest.FixtureRequest):
    """Run the test with JAX's 64-bit mode off and on."""
    with jax.enable_x64(request.param):
        yield request.param
