"""Layouts as pure functions, against what NumPy's strides say of the same views."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jaxnn.torch import layouts, pieces, views
from jaxnn.torch.layouts import Layout

SHAPES = st.lists(st.integers(1, 4), max_size=4).map(tuple)


def in_memory(layout: Layout, size: int) -> np.ndarray:
    """The flat indices that a layout means, through NumPy's own strides."""
    flat = np.arange(size)
    strides = [stride * flat.itemsize for stride in layout.strides]
    return np.lib.stride_tricks.as_strided(flat[layout.offset :], layout.shape, strides)


@st.composite
def chains(draw):
    """A shape, and steps that are each (name, layout function, NumPy function)."""
    shape = draw(SHAPES)
    steps, array = [], np.empty(shape)
    for _ in range(draw(st.integers(0, 5))):
        step = draw(steps_of(array.shape))
        steps.append(step)
        array = step[1](array)
    return shape, steps


@st.composite
def steps_of(draw, shape):
    ndim = len(shape)
    kinds = ["unsqueeze", "expand", "permute"] + ["select", "slice", "flip01"] * (ndim > 1)
    kind = draw(st.sampled_from(kinds))
    if kind == "unsqueeze":
        dim = draw(st.integers(0, ndim))
        return (lambda v: views.unsqueeze(v, dim), lambda a: np.expand_dims(a, dim))
    if kind == "expand":
        new = draw(st.integers(1, 3))
        target = (new, *shape)
        return (lambda v: views.expand(v, target), lambda a: np.broadcast_to(a, target))
    if kind == "permute":
        order = draw(st.permutations(range(ndim)))
        return (lambda v: views.permute(v, order), lambda a: a.transpose(order))
    if kind == "flip01":
        return (lambda v: views.transpose(v, 0, 1), lambda a: a.swapaxes(0, 1))
    dim = draw(st.integers(0, ndim - 1))
    if kind == "select":
        index = draw(st.integers(-shape[dim], shape[dim] - 1))
        return (lambda v: pieces.select(v, dim, index), lambda a: a.take(index, dim))
    start = draw(st.integers(0, shape[dim] - 1))
    step = draw(st.integers(1, 3))
    where = (slice(None),) * dim + (slice(start, None, step),)
    return (lambda v: pieces.slice_dim(v, dim, start, None, step), lambda a: a[where])


@settings(deadline=None, max_examples=300)
@given(chains())
def test_chains_of_views_mean_the_elements_that_numpy_says(chain):
    shape, steps = chain
    layout = layouts.contiguous(shape)
    size = layout.numel
    array = np.arange(size).reshape(shape)
    for on_layout, on_array in steps:
        layout, array = on_layout(layout), on_array(array)
    assert layout.shape == array.shape
    np.testing.assert_array_equal(in_memory(layout, size), array)
    assert layout.extent <= max(size, layout.offset)


@settings(deadline=None, max_examples=300)
@given(chains(), SHAPES)
def test_view_is_given_just_where_no_copy_is_needed(chain, target):
    shape, steps = chain
    layout, array = layouts.contiguous(shape), np.arange(int(np.prod(shape))).reshape(shape)
    for on_layout, on_array in steps:
        layout, array = on_layout(layout), on_array(array)
    if int(np.prod(target)) != layout.numel:
        with pytest.raises(RuntimeError, match="is invalid for input of size"):
            views.view(layout, target)
        return
    result = views.try_view(layout, target)
    if result is not None:
        size = int(np.prod(shape))
        np.testing.assert_array_equal(in_memory(result, size), array.reshape(target))
    if layouts.is_contiguous(layout):
        assert result is not None


@settings(deadline=None)
@given(SHAPES, st.randoms())
def test_copies_keep_their_order_in_memory(shape, random):
    order = list(range(len(shape)))
    random.shuffle(order)
    layout = views.permute(layouts.contiguous(shape), order)
    assert layouts.is_dense(layout)
    assert layouts.like(layout) == layout
    assert layouts.elementwise(layout.shape, [layout]).shape == layout.shape


@pytest.mark.parametrize(
    ("layout", "contiguous", "dense", "overlaps"),
    [
        (Layout((2, 3), (3, 1)), True, True, False),
        (Layout((2, 3), (1, 2)), False, True, False),
        (Layout((2, 3), (4, 1)), False, False, False),
        (Layout((2, 3), (0, 1)), False, False, True),
        (Layout((1, 3), (9, 1)), True, True, False),
        (Layout((), ()), True, True, False),
        (Layout((0, 3), (1, 1)), True, True, False),
    ],
)
def test_what_a_layout_is(layout, contiguous, dense, overlaps):
    assert layouts.is_contiguous(layout) is contiguous
    assert layouts.is_dense(layout) is dense
    assert layouts.overlaps_itself(layout) is overlaps
