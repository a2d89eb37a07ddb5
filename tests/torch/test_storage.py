"""Memory: shared by views to any depth, on the device and with NumPy, and read without races."""

import threading

import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import jaxnn.torch as torch
from jaxnn.torch import storage as memory
from jaxnn.torch.layouts import Layout

LAYOUTS = [
    Layout((2, 3), (3, 1)),
    Layout((3, 2), (1, 3)),
    Layout((2, 2), (3, 1), 1),
    Layout((2, 2), (1, 3), 1),
    Layout((3,), (2,)),
    Layout((2,), (1,), 4),
    Layout((), (), 5),
    Layout((2, 1, 3), (3, 7, 1)),
]


@pytest.mark.parametrize("layout", LAYOUTS)
def test_read_and_write_through_a_layout(layout):
    flat = np.arange(6.0)
    expected = memory.strided(flat, layout)
    np.testing.assert_array_equal(memory.read(jnp.asarray(flat), layout), expected)
    values = -1.0 - np.arange(expected.size, dtype=float).reshape(expected.shape)
    written = np.array(memory.write(jnp.asarray(flat), layout, jnp.asarray(values)))
    expected[...] = values
    np.testing.assert_array_equal(written, flat)


def test_a_repeated_element_is_read_as_often_as_it_is_meant():
    read = memory.read(jnp.arange(3.0), Layout((2, 3), (0, 1)))
    assert read.tolist() == [[0, 1, 2], [0, 1, 2]]


def test_writes_are_seen_through_views_of_views():
    base = torch.zeros(4, 6)
    deep = base.view(2, 2, 6).transpose(0, 2)[1:4].permute(1, 0, 2)[0]
    deep += 1
    deep[1] = 5
    expected = np.zeros((4, 6))
    view = expected.reshape(2, 2, 6).swapaxes(0, 2)[1:4].transpose(1, 0, 2)[0]
    view += 1
    view[1] = 5
    assert base.tolist() == expected.tolist()


@settings(deadline=None, max_examples=25)
@given(st.lists(st.sampled_from(["array", "tensor", "view"]), max_size=6), st.booleans())
def test_numpy_and_tensor_see_each_others_writes(writers, made_by_numpy):
    if made_by_numpy:
        array = np.zeros((3, 4), np.float32)
        tensor = torch.from_numpy(array)
    else:
        tensor = torch.zeros(3, 4)
        array = tensor.numpy()
    view = tensor.T[1:3]
    for number, writer in enumerate(writers, start=1):
        if writer == "array":
            array[1] += number
        elif writer == "tensor":
            tensor.mul_(2).add_(number)
        else:
            view[:, ::2] = number
        assert tensor.tolist() == array.tolist()
        assert view.tolist() == array.T[1:3].tolist()
    assert np.shares_memory(tensor.numpy(), array)


def test_numpy_keeps_strides_and_offset():
    tensor = torch.arange(12).view(3, 4)
    array = tensor.T[1:].numpy()
    assert array.strides == (8, 32)
    assert array.tolist() == [[1, 5, 9], [2, 6, 10], [3, 7, 11]]


def test_a_result_does_not_change_with_the_memory_that_it_came_from():
    array = np.ones(1 << 16, np.float32)
    tensor = torch.from_numpy(array)
    results = []
    for _ in range(20):
        results.append(tensor * 2)
        array += 1
    assert [result[0].item() for result in results] == list(range(2, 42, 2))
    assert all((result == result[0]).all() for result in results)


def test_a_jax_array_of_a_tensor_does_not_change():
    tensor = torch.zeros(3)
    before = jnp.asarray(tensor)
    tensor += 1
    shared = torch.from_numpy(np.zeros(3))
    host = jnp.asarray(shared)
    shared += 1
    assert before.tolist() == host.tolist() == [0, 0, 0]


def test_resize_keeps_the_storage():
    tensor = torch.arange(6)
    base = tensor.view(2, 3)
    tensor.resize_(2, 2)
    assert tensor.tolist() == [[0, 1], [2, 3]]
    tensor.resize_(2, 3)
    tensor += 1
    assert base.tolist() == tensor.tolist() == [[1, 2, 3], [4, 5, 6]]
    tensor.resize_(8)
    assert tensor[:6].tolist() == [1, 2, 3, 4, 5, 6]


def test_an_array_that_is_not_writable_is_warned_of():
    array = np.zeros(3)
    array.flags.writeable = False
    with pytest.warns(UserWarning, match="^The given NumPy array is not writable, and PyTorch"):
        torch.from_numpy(array)


def test_reshape_copies_only_where_it_must():
    tensor = torch.zeros(2, 3)
    tensor.reshape(3, 2)[0, 0] = 1
    tensor.T.reshape(6)[1] = 9
    assert tensor.tolist() == [[1, 0, 0], [0, 0, 0]]


def test_threads_that_write_into_parts_of_one_storage():
    x = torch.zeros(8, 100)

    def work(row: int) -> None:
        for _ in range(50):
            x[row] += 1

    threads = [threading.Thread(target=work, args=(row,)) for row in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert torch.equal(x, torch.full((8, 100), 50.0))
