"""Make ``series.json``: Bessel's, Airy's and error functions as Chebyshev series.

Each series is of a smooth function on an interval that is mapped to [-1, 1]. Its coefficients come
from the function's values at Chebyshev points, to 40 digits, by mpmath.
"""

import json
from pathlib import Path

from mpmath import (
    airyai,
    airybi,
    besseli,
    besselj,
    besselk,
    bessely,
    cos,
    erfc,
    exp,
    log,
    mp,
    mpf,
    pi,
    sin,
    sqrt,
)

mp.dps = 40
POINTS = 64
SMALLEST = mpf(10) ** -18
TARGET = Path(__file__).parents[2] / "jaxnn" / "torch" / "operations" / "elements" / "series.json"


def series(function, low, high):
    """The Chebyshev coefficients of a function on an interval, less those that do not count."""
    angles = [pi * (k + mpf(1) / 2) / POINTS for k in range(POINTS)]
    values = [function((high - low) / 2 * cos(a) + (high + low) / 2) for a in angles]
    found = [
        sum(v * cos(j * a) for v, a in zip(values, angles, strict=True)) * 2 / POINTS
        for j in range(POINTS)
    ]
    found[0] /= 2
    largest = max(map(abs, found))
    count = 1 + max(j for j, c in enumerate(found) if abs(c) > SMALLEST * largest)
    return [float(c) for c in found[:count]]


def near(order, z):
    """J of an order, less its factor x, as a function of z = x²."""
    x = sqrt(z)
    return besselj(order, x) / x**order


def near_second(order, z):
    """Y of an order, less its singular part and its factor x, as a function of z = x²."""
    x = sqrt(z)
    pole = -2 / (pi * x) if order else 0
    return (bessely(order, x) - 2 / pi * log(x) * besselj(order, x) - pole) / x**order


def near_third(order, z):
    """K of an order, less its singular part and its factor x, as a function of z = x²."""
    x = sqrt(z)
    sign = -1 if order else 1
    pole = 1 / x if order else 0
    return (besselk(order, x) + sign * log(x / 2) * besseli(order, x) - pole) / x**order


def waves(order, z):
    """The factors of cosine and sine in J far from 0, as functions of z = (8 / x)²."""
    x = 8 / sqrt(z)
    angle = x - order * pi / 2 - pi / 4
    j, y, size = besselj(order, x), bessely(order, x), sqrt(pi * x / 2)
    cosine = size * (j * cos(angle) + y * sin(angle))
    sine = size * (y * cos(angle) - j * sin(angle)) * x / 8
    return cosine, sine


def far_third(order, z):
    """exp(x) sqrt(x) K of an order as a function of z = 2 / x."""
    x = 2 / z
    return exp(x) * sqrt(x) * besselk(order, x)


def scaled_complement(z):
    """exp(x²) erfc(x) as a function of z = 4 / (x + 4)."""
    x = 4 / z - 4
    return exp(x * x) * erfc(x)


def airy_waves(z):
    """The factors of sine and cosine in Ai(-x), as functions of z = (phase at 4 / phase)²."""
    phase = AIRY_PHASE / sqrt(z)
    x = (phase * 3 / 2) ** (mpf(2) / 3)
    size, angle = sqrt(pi) * x ** (mpf(1) / 4), phase + pi / 4
    a, b = airyai(-x), airybi(-x)
    sine = size * (a * sin(angle) + b * cos(angle))
    cosine = size * (a * cos(angle) - b * sin(angle)) / sqrt(z)
    return sine, cosine


def airy_decay(z):
    """Ai(x) exp(phase) x^(1/4) as a function of z = phase at 4 / phase."""
    phase = AIRY_PHASE / z
    x = (phase * 3 / 2) ** (mpf(2) / 3)
    return airyai(x) * exp(phase) * x ** (mpf(1) / 4)


AIRY_PHASE = mpf(16) / 3  # 2/3 x^(3/2) at x = 4


def all_series():
    """Every series by the name by which it is asked for."""
    found = {}
    for order in (0, 1):
        found[f"j{order}"] = series(lambda z, n=order: near(n, z), 0, 64)
        found[f"y{order}"] = series(lambda z, n=order: near_second(n, z), 0, 64)
        found[f"k{order}"] = series(lambda z, n=order: near_third(n, z), 0, 4)
        found[f"far_k{order}"] = series(lambda z, n=order: far_third(n, z), 0, 1)
        for i, part in enumerate(("cosine", "sine")):
            name = f"{part}{order}"
            found[name] = series(lambda z, n=order, i=i: waves(n, z)[i], 0, 1)
    found["erfcx"] = series(scaled_complement, 0, 1)
    found["airy"] = series(airyai, -4, 4)
    found["airy_sine"] = series(lambda z: airy_waves(z)[0], 0, 1)
    found["airy_cosine"] = series(lambda z: airy_waves(z)[1], 0, 1)
    found["airy_decay"] = series(airy_decay, 0, 1)
    return found


if __name__ == "__main__":
    rows = (f' "{name}": {json.dumps(found)}' for name, found in all_series().items())
    TARGET.write_text("{\n" + ",\n".join(rows) + "\n}\n")
