"""How tests compare numbers: tolerance belongs to the dtype, and stands only here."""

import numpy as np

# Units in the last place that two right implementations of one formula may differ by, where a
# test does not claim equal bits: roughly four roundings for each dtype.
TOLERANCE_ULP = {"float16": 4, "bfloat16": 4, "float32": 8, "float64": 8}


def ulp_distance(actual, expected) -> np.ndarray:
    """The number of representable values between two float arrays, element by element.

    Zeros of either sign count as equal neighbours' distance 1 apart; nan against nan is 0 and nan
    against a number is the largest distance there is.
    """
    actual, expected = np.asarray(actual), np.asarray(expected)
    integer = np.dtype(f"int{8 * expected.dtype.itemsize}")

    def ordered(x: np.ndarray) -> np.ndarray:
        bits = np.ascontiguousarray(x).view(integer).astype(object)
        lowest = -(2 ** (8 * integer.itemsize - 1))
        return np.where(bits < 0, lowest - bits - 1, bits)

    distance = np.abs(ordered(actual) - ordered(expected))
    nan_actual, nan_expected = np.isnan(actual), np.isnan(expected)
    distance = np.where(nan_actual & nan_expected, 0, distance)
    return np.where(nan_actual ^ nan_expected, 2 ** (8 * integer.itemsize), distance)


def assert_same_bits(actual, expected) -> None:
    """Shape, dtype, then every bit. A failure names the count, the first index and the distance."""
    actual, expected = np.asarray(actual), np.asarray(expected)
    assert actual.shape == expected.shape, f"shape {actual.shape}, expected {expected.shape}"
    assert actual.dtype == expected.dtype, f"dtype {actual.dtype}, expected {expected.dtype}"
    if actual.tobytes() == expected.tobytes():
        return
    unsigned = np.dtype(f"uint{8 * actual.dtype.itemsize}")
    a = np.ascontiguousarray(actual).view(unsigned).ravel()
    e = np.ascontiguousarray(expected).view(unsigned).ravel()
    wrong = np.flatnonzero(a != e)
    first = tuple(int(i) for i in np.unravel_index(wrong[0], actual.shape))
    message = (
        f"{wrong.size} of {actual.size} differ in their bits, first at {first}: "
        f"{actual[first]!r}, expected {expected[first]!r}"
    )
    if expected.dtype.kind == "f":
        message += f", {ulp_distance(actual[first], expected[first])} ulp away"
    raise AssertionError(message)


def assert_close(
    actual, expected, *, ulp: int | None = None, atol: float | np.ndarray = 0.0
) -> None:
    """Shape, dtype, then values within the dtype's tolerance in ulp, or within ``atol``.

    ``atol`` is for results near a zero of the function, where the distance in ulp says nothing.
    """
    actual, expected = np.asarray(actual), np.asarray(expected)
    assert actual.shape == expected.shape, f"shape {actual.shape}, expected {expected.shape}"
    assert actual.dtype == expected.dtype, f"dtype {actual.dtype}, expected {expected.dtype}"
    if expected.dtype.kind not in "fV":
        return assert_same_bits(actual, expected)
    allowed = TOLERANCE_ULP[expected.dtype.name] if ulp is None else ulp
    distance = ulp_distance(actual, expected)
    with np.errstate(invalid="ignore"):
        near = np.abs(actual.astype(np.float64) - expected.astype(np.float64)) <= atol
    wrong = np.argwhere((distance > allowed) & ~near)
    if wrong.size == 0:
        return None
    first = tuple(int(i) for i in wrong[0])
    raise AssertionError(
        f"{len(wrong)} of {actual.size} differ by more than {allowed} ulp, first at {first}: "
        f"{actual[first]!r}, expected {expected[first]!r}, {distance[first]} ulp away; "
        f"the largest distance is {distance.max()} ulp"
    )
