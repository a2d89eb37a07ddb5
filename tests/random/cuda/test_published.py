"""Numbers that owners of GPUs have published, to the digits that they printed.

They are the only ones here that do not come from reading torch's sources. Each row names the GPU
where the numbers depend on it.
"""

import numpy as np
import pytest
from jax.typing import ArrayLike

from jaxnn import random
from jaxnn.random import Generator, Profile


def digits(numbers: ArrayLike) -> list[str]:
    return [f"{x:.4f}" for x in np.asarray(numbers).ravel().tolist()]


@pytest.mark.parametrize(
    ("seed", "function", "shape", "printed"),
    [
        (0, random.uniform, (8,), "0.3990 0.5167 0.0249 0.9401 0.9459 0.7967 0.4150 0.8203"),
        (
            0,
            random.normal,
            (3, 4),
            "-0.9247 -0.4253 -2.6438 0.1452 -0.1209 -0.5797 -0.6229 -0.3284 -1.0745 -0.3631 "
            "-1.6711 2.2655",
        ),
        (42, random.normal, (2, 2), "0.1940 2.1614 -0.1721 0.8491"),
        (
            42,
            random.normal,
            (2, 5),
            "0.1940 2.1614 -0.1721 0.8491 -1.9244 0.6530 -0.6494 -0.8175 0.5280 -1.2753",
        ),
        (
            42,
            random.uniform,
            (3, 4),
            "0.6130 0.0101 0.3984 0.0403 0.1563 0.4825 0.7362 0.4060 0.5189 0.2867 0.2416 0.9228",
        ),
        (10, random.normal, (3,), "-0.1029 1.6810 -0.2708"),
        (1234, random.normal, (3,), "-1.6165 0.5685 -0.5102"),
    ],
)
def test_below_one_wave(seed, function, shape, printed):
    generator = Generator("cuda").manual_seed(seed)
    assert digits(function(generator, shape)) == printed.split()


def test_a_second_draw_goes_on():
    # The weight and the bias of torch.nn.Linear(1, 1) on a GPU, after torch.manual_seed(42).
    generator = Generator("cuda").manual_seed(42)
    parameters = [random.uniform(generator, (1,), low=-1.0, high=1.0) for _ in range(2)]
    assert [digits(each) for each in parameters] == [["0.2259"], ["0.9754"]]


@pytest.mark.parametrize(
    ("profile", "last"),
    [("H100 SXM", "-0.6970 -0.7780 0.3267"), ("A100", "0.1549 -0.6797 -0.1656")],
)
def test_many_waves(profile, last):
    generator = Generator("cuda", profile=profile).manual_seed(1)
    numbers = random.normal(generator, (1, 84672 * 112))[0]
    assert digits(numbers[:3]) == ["-0.2963", "2.6764", "-0.1408"]
    assert digits(numbers[-3:]) == last.split()


CORNERS = [0, 1, 2, -3, -2, -1]  # what torch prints of a long dimension


def test_corners_of_normals_of_an_rtx_3060():
    generator = Generator("cuda", profile="RTX 3060").manual_seed(42)
    numbers = random.normal(generator, (64, 2048))
    printed = """
         0.1940  2.1614 -0.1721  1.4540 -2.7733 -0.8932
        -0.4574  0.8063  0.1580  0.1124  0.2769 -1.2535
         1.1346 -0.6329 -0.9147 -1.0001 -1.1552 -0.6955
        -0.4861  0.3358  1.0578 -0.7282  0.5087  0.1318
         0.7881  0.8339 -1.1424 -0.6297 -1.1112 -0.4091
        -1.2356 -0.4083 -0.4695 -0.4841  1.2850 -0.0282
    """
    assert digits(np.asarray(numbers)[np.ix_(CORNERS, CORNERS)]) == printed.split()


def test_corners_of_scaled_normals_of_an_rtx_a4000():
    generator = Generator("cuda", profile="RTX A4000").manual_seed(14)
    numbers = random.normal(generator, (1000, 100), mean=5.0, std=5**0.5)
    printed = """
        2.8731 5.2727 2.9889 1.6853 9.6331 6.6319
        3.9968 3.8097 5.7328 4.4029 3.9804 7.4698
        6.5552 4.0857 4.2315 2.7704 3.5479 3.3063
        8.6297 2.3137 6.2596 7.9358 4.4697 2.7475
        7.0551 7.8583 3.9990 4.1139 8.9315 4.2042
        2.7337 2.2106 7.7815 8.2207 6.5395 4.2604
    """
    assert digits(np.asarray(numbers)[np.ix_(CORNERS, CORNERS)]) == printed.split()


def test_normals_of_an_rtx_a6000():
    generator = Generator("cuda", profile="RTX A6000").manual_seed(43)
    numbers = random.normal(generator, (1, 3, 128, 128))
    assert digits(numbers[0, :, 0, 0]) == ["1.9983", "0.8704", "2.1127"]


@pytest.mark.parametrize(
    ("profile", "kept"), [(Profile(56, 2048), 999_826), (Profile(13, 2048), 999_100)]
)
def test_flips_of_a_p100_and_a_k80(profile, kept):
    # The sum of dropout(ones(1000, 1000), 0.5) in torch 1.2, whose kernel went through a tensor as
    # bernoulli_ does: each one that is kept counts 2. Every word up to a million decides a flip.
    generator = Generator("cuda", profile=profile).manual_seed(0)
    flips = random.bernoulli(generator, 0.5, (1000, 1000))
    assert 2 * int(flips.sum()) == kept
