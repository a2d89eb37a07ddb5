"""Views: one memory under many layouts, types and signs; copies just where torch copies."""

import copy

import numpy as np
import pytest

import jaxnn.torch as torch


def shares(a, b) -> bool:
    return a.untyped_storage() == b.untyped_storage()


#: Views of a 4 x 6 tensor of float32.
VIEWS = {
    "view": lambda x: x.view(3, -1),
    "view_as": lambda x: x.view_as(torch.zeros(24)),
    "view(dtype)": lambda x: x.view(torch.int16),
    "reshape": lambda x: x.reshape(2, 12),
    "squeeze": lambda x: x[None].squeeze(),
    "unsqueeze": lambda x: x.unsqueeze(1),
    "transpose": lambda x: x.transpose(0, 1),
    "swapaxes": lambda x: x.swapaxes(0, 1),
    "movedim": lambda x: x.movedim(0, 1),
    "permute": lambda x: x.permute(1, 0),
    "T": lambda x: x.T,
    "mT": lambda x: x.mT,
    "H": lambda x: x.H,
    "expand": lambda x: x.expand(2, 4, 6),
    "broadcast_to": lambda x: torch.broadcast_to(x, (2, 4, 6)),
    "broadcast_tensors": lambda x: torch.broadcast_tensors(x, torch.zeros(2, 1, 1))[0],
    "narrow": lambda x: x.narrow(1, 2, 3),
    "select": lambda x: x.select(1, 2),
    "split": lambda x: x.split([1, 3])[1],
    "chunk": lambda x: x.chunk(2)[1],
    "tensor_split": lambda x: x.tensor_split((1, 2))[1],
    "hsplit": lambda x: x.hsplit(3)[2],
    "unbind": lambda x: x.unbind(1)[3],
    "unfold": lambda x: x.unfold(1, 2, 2),
    "diagonal": lambda x: x.diagonal(1),
    "as_strided": lambda x: x.as_strided((2, 2), (1, 6), 3),
    "flatten": lambda x: x.flatten(),
    "unflatten": lambda x: x.unflatten(1, (2, 3)),
    "ravel": lambda x: x.ravel(),
    "atleast_3d": lambda x: torch.atleast_3d(x),
    "slice": lambda x: x[1:, ::2],
    "detach": lambda x: x.detach(),
    "data": lambda x: x.data,
    "view_as_complex": lambda x: torch.view_as_complex(x.view(12, 2)),
    "real": lambda x: torch.view_as_complex(x.view(12, 2)).real,
    "imag": lambda x: torch.view_as_complex(x.view(12, 2)).imag,
    "conj": lambda x: torch.view_as_complex(x.view(12, 2)).conj(),
    "imag of conj": lambda x: torch.view_as_complex(x.view(12, 2)).conj().imag,
}


@pytest.mark.parametrize("name", VIEWS)
@pytest.mark.parametrize("on_host", [False, True], ids=["device", "numpy"])
def test_a_write_through_a_view_is_a_write_into_its_base(name, on_host):
    base = torch.arange(24.0).view(4, 6)
    memory = base.numpy() if on_host else None
    seen = VIEWS[name](base)
    assert shares(seen, base)
    before = base.clone()
    if name not in ("expand", "broadcast_to", "broadcast_tensors"):
        seen.fill_(0)
        assert (seen == 0).all()
        changed = (base != before).sum()
        assert 0 < changed <= seen.numel() * 2
        seen.copy_(VIEWS[name](before))
    assert base.equal(before)
    base.mul_(2)
    assert seen.equal(VIEWS[name](before * 2))
    if on_host:
        np.testing.assert_array_equal(memory, before.numpy() * 2)


COPIES = {
    "reshape": lambda x: x.T.reshape(24),
    "flatten": lambda x: x.T.flatten(),
    "ravel": lambda x: x[:, 1:].ravel(),
    "contiguous": lambda x: x.T.contiguous(),
    "clone": lambda x: x.clone(),
    "narrow_copy": lambda x: torch.narrow_copy(x, 0, 1, 2),
    "view_copy": lambda x: torch.view_copy(x, (24,)),
    "unbind_copy": lambda x: torch.unbind_copy(x)[1],
    "resolve_conj": lambda x: torch.view_as_complex(x.view(12, 2)).conj().resolve_conj(),
}


@pytest.mark.parametrize("name", COPIES)
def test_copies_have_memory_of_their_own(name):
    base = torch.zeros(4, 6)
    made = COPIES[name](base)
    assert not shares(made, base)
    made += 1
    assert not base.any()


def test_what_needs_no_copy_is_the_tensor_itself():
    x = torch.zeros(4, 6)
    for same in (x.contiguous(), x.flatten(0, 0), x.real, x.conj(), x.resolve_conj(), x.to(x)):
        assert same is x


def test_bits_are_read_and_written_as_any_type():
    x = torch.tensor([1.0, -2.0])
    bits = x.view(torch.int32)
    assert bits.tolist() == [0x3F800000, -0x40000000]
    bits[0] = 0x40490FDB
    assert x[0].item() == np.float32(np.pi)
    halves = x.view(torch.uint8).view(torch.int16)
    assert halves.shape == (4,)
    assert halves.view(torch.float32).equal(x)


def test_bytes_behind_the_last_whole_element_stay():
    memory = torch.arange(7, dtype=torch.uint8)
    memory[:4].view(torch.int32).fill_(-1)
    assert memory.tolist() == [255, 255, 255, 255, 4, 5, 6]


def test_conjugates_and_negatives_are_shown_not_stored():
    z = torch.tensor([1 + 2j, 3 - 4j])
    mirror = z.conj()
    assert (mirror.is_conj(), z.is_conj(), mirror.conj().is_conj()) == (True, False, False)
    mirror[0] = 5 + 6j
    assert z.tolist() == [5 - 6j, 3 - 4j]
    negative = mirror.imag
    assert negative.is_neg()
    negative[1] = 7
    assert z.tolist() == [5 - 6j, 3 - 7j]
    with pytest.raises(RuntimeError, match=r"^Can't call numpy\(\) on Tensor that has conjugate"):
        mirror.numpy()
    with pytest.raises(RuntimeError, match=r"^Can't call numpy\(\) on Tensor that has negative"):
        negative.numpy()


def test_parts_can_be_assigned_to():
    z = torch.zeros(2, dtype=torch.complex64)
    z.real = torch.tensor([1.0, 2.0])
    z.imag = 3
    assert z.tolist() == [1 + 3j, 2 + 3j]


def test_a_deep_copy_keeps_what_is_shared_and_how_it_is_shown():
    z = torch.tensor([1 + 2j])
    again, mirror = copy.deepcopy([z, z.conj()])
    again[0] = 5j
    assert mirror.tolist() == [-5j]
    assert z.tolist() == [1 + 2j]


def test_overlaps_are_found_in_bytes():
    x = torch.zeros(4)
    with pytest.raises(RuntimeError, match=r"^unsupported operation: some elements"):
        x[:3].view(torch.int32).add_(x[1:].view(torch.int32))


def test_in_place_views_lay_the_tensor_elsewhere():
    x = torch.arange(6).view(1, 2, 3)
    y = x.squeeze_(0).t_().unsqueeze_(1).transpose_(0, 2)
    assert y is x
    assert (x.shape, x.stride()) == ((2, 1, 3), (3, 6, 1))
    x.as_strided_((2,), (2,), 1)
    assert x.tolist() == [1, 3]


def test_set_and_data_take_another_tensors_memory():
    x, y = torch.zeros(2), torch.arange(4.0)
    x.set_(y, 1, (3,))
    assert x.is_set_to(y[1:])
    x.set_(y.untyped_storage(), 0, (2, 2), (1, 2))
    assert x.tolist() == [[0, 2], [1, 3]]
    x.data = torch.ones(3, dtype=torch.int64)
    assert x.dtype is torch.int64
    assert not shares(x, y)


def test_numpy_memory_does_not_grow():
    array = np.zeros(3, np.float32)
    x = torch.from_numpy(array)
    for grow in (lambda: x.resize_(4), lambda: x.set_(x, 2, (2,))):
        with pytest.raises(RuntimeError, match=r"^Trying to resize storage that is not resizable"):
            grow()
        assert x.shape == (3,)
    with pytest.raises(RuntimeError, match=r"^setStorage: sizes \[4\].*of 16 are out of bounds"):
        x.as_strided((4,), (1,))


def test_an_address_stays_for_life():
    x = torch.zeros(2, 3)
    address = x.data_ptr()
    x += 1
    x[0] = 5
    assert x.data_ptr() == address == x.numpy().ctypes.data
    assert x[1].data_ptr() == address + 12


def test_memory_formats():
    x = torch.zeros(2, 3, 4, 5)
    images = x.to(memory_format=torch.channels_last)
    assert images.stride() == (60, 1, 15, 3)
    assert images.is_contiguous(memory_format=torch.channels_last)
    assert not images.is_contiguous()
    assert images.clone().stride() == (images * 2).stride() == images.stride()
    assert images.contiguous().stride() == x.stride()
    assert repr(torch.channels_last_3d) == "torch.channels_last_3d"
    assert x.layout is torch.strided
    with pytest.raises(RuntimeError, match=r"^required rank 5 tensor to use channels_last_3d"):
        x.clone(memory_format=torch.channels_last_3d)


def test_scatters_replace_a_view_in_a_copy():
    x = torch.zeros(2, 3)
    assert torch.select_scatter(x, torch.ones(2), 1, 0).tolist() == [[1, 0, 0], [1, 0, 0]]
    assert torch.diagonal_scatter(x, torch.ones(2)).tolist() == [[1, 0, 0], [0, 1, 0]]
    assert torch.slice_scatter(x, torch.ones(2, 2), 1, 1).tolist() == [[0, 1, 1], [0, 1, 1]]
    assert not x.any()
    with pytest.raises(RuntimeError, match=r"^expected src to have a size equal to the slice"):
        torch.select_scatter(x, torch.ones(3), 1, 0)
