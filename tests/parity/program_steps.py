"""The steps that random programs are made of, each written once for torch and for the adapter.

A step takes a `World` (one module, its tensors and its arrays) and three small numbers, by which it
chooses what to do it to. It returns what it made. What torch itself leaves undefined it skips.
"""

import itertools
from collections.abc import Callable
from typing import Any

import numpy as np

Numbers = tuple[int, int, int]

#: How many tensors and arrays a world holds; a further one takes the place of the oldest.
LIMIT = 5


class World:
    """torch or the adapter, and the tensors and NumPy arrays that a program has made with it."""

    def __init__(self, module: Any) -> None:
        self.module = module
        self.tensors: list[Any] = [module.arange(12.0).view(3, 4)]
        self.arrays: list[np.ndarray] = []

    def tensor(self, number: int) -> Any:
        """One of the tensors, the latest first."""
        return self.tensors[-1 - number % len(self.tensors)]

    def keep(self, made: Any) -> None:
        """Hold on to the tensors or the array that a step made."""
        for each in made if isinstance(made, tuple | list) else [made]:
            kept = self.arrays if isinstance(each, np.ndarray) else self.tensors
            if isinstance(each, np.ndarray) or hasattr(each, "untyped_storage"):
                if not any(each is other for other in kept):
                    kept.append(each)
                del kept[:-LIMIT]


class UndefinedError(Exception):
    """What torch would do here is nobody's promise: it depends on the order of its writes."""


def _places(x: Any) -> list[int]:
    """The byte in its storage at which each element begins."""
    index = itertools.product(*map(range, x.shape))
    strides, size = x.stride(), x.element_size()
    return [
        (x.storage_offset() + sum(i * s for i, s in zip(each, strides, strict=True))) * size
        for each in index
    ]


def _is_dense(x: Any) -> bool:
    places = sorted(_places(x))
    return len(set(places)) == len(places) and (
        not places or places[-1] - places[0] == (len(places) - 1) * x.element_size()
    )


def writable(x: Any, *sources: Any) -> Any:
    """``x``, provided that a write into it from these sources has one meaning.

    torch refuses some of the others, but looks for zero strides and gapless overlaps only.
    """
    places = _places(x)
    expanded = any(n > 1 and s == 0 for n, s in zip(x.shape, x.stride(), strict=True))
    if len(set(places)) < len(places) and not expanded:
        raise UndefinedError
    for source in sources:
        if source.untyped_storage() != x.untyped_storage():
            continue
        inside = set(places) & set(_places(source))
        in_place = source.stride() == x.stride() and source.shape == x.shape
        same = in_place and source.storage_offset() == x.storage_offset()
        if source.dtype != x.dtype or (
            inside and not same and not (_is_dense(x) and _is_dense(source))
        ):
            raise UndefinedError
    return x


def _dim(x: Any, number: int) -> int:
    """A dimension of ``x``, from either end, or one just beyond."""
    return number % (2 * x.ndim + 3) - x.ndim - 1


def _pick(pieces: Any, number: int) -> Any:
    return pieces[number % len(pieces)] if len(pieces) else pieces


SIZES = (
    *((-1,), (12,), (3, 4), (4, 3), (2, 6), (2, 2, 3), (2, -1), (1, 12), (6,), (2, 3), (3, -1)),
    *((0,), (), (4,), (1, -1), (5,), (2, 1, 2)),
)
STRIDED = (
    *(((2, 2), (2, 1)), ((3,), (2,), 1), ((2, 3), (0, 1)), ((4,), (1,), 3), ((2, 2), (1, 1))),
    *(((), (), 2), ((0,), (1,), 9), ((3, 2), (1, 3), 1), ((2,), (9,), 5)),
)
#: Types that bytes are reinterpreted among. Others could make subnormal numbers of them, which XLA
#: takes for 0, or bools that are neither 0 nor 1. So integers see copies of bits.
REAL, WHOLE = ("float32", "complex64"), ("int32", "int64", "uint8", "int16")
NUMBERS = (2, -1, 0, 3, 1)


def _permuted(x: Any, number: int) -> Any:
    orders = list(itertools.permutations(range(x.ndim)))
    return x.permute(orders[number % len(orders)])


def _expanded(x: Any, b: int, c: int) -> Any:
    sizes = [c % 3 if n == 1 else -1 for n in x.shape]
    return x.expand(*[2] * (b % 2), *sizes)


def _sliced(x: Any, b: int, c: int) -> Any:
    part = slice(b % 4 or None, None, 1 + c % 3)
    return x[(slice(None),) * (c % 2) + (part,)]


def _as_type(module: Any, x: Any, number: int) -> Any:
    name = (REAL + WHOLE)[number % 6]
    given = str(x.dtype).removeprefix("torch.")
    if given not in REAL + WHOLE or (given in WHOLE and name in REAL):
        raise UndefinedError
    seen = x.view(getattr(module, name))
    return seen if (given in REAL) is (name in REAL) else seen.clone()


View = Callable[[Any, Any, int, int], Any]

#: Views of a tensor, by the module, the tensor and two numbers.
VIEWS: dict[str, View] = {
    "transpose": lambda t, x, b, c: x.transpose(_dim(x, b), _dim(x, c)),
    "t": lambda t, x, b, c: x.t(),
    "slice": lambda t, x, b, c: _sliced(x, b, c),
    "index": lambda t, x, b, c: x.view(-1, *x.shape[1:])[b % 4 - 1],
    "column": lambda t, x, b, c: x[:, b % 4 - 1],
    "last": lambda t, x, b, c: x[..., b % 3],
    "new axis": lambda t, x, b, c: x[:, None],
    "select": lambda t, x, b, c: x.select(_dim(x, b), c % 5 - 2),
    "narrow": lambda t, x, b, c: x.narrow(_dim(x, b), c % 3, 1 + c % 2),
    "view": lambda t, x, b, c: x.view(SIZES[b % len(SIZES)]),
    "reshape": lambda t, x, b, c: x.reshape(SIZES[b % len(SIZES)]),
    "flatten": lambda t, x, b, c: x.flatten(_dim(x, b), _dim(x, c)),
    "unflatten": lambda t, x, b, c: x.unflatten(_dim(x, b), (-1, 1 + c % 3)),
    "permute": lambda t, x, b, c: _permuted(x, b),
    "movedim": lambda t, x, b, c: t.movedim(x, _dim(x, b), _dim(x, c)),
    "squeeze": lambda t, x, b, c: x.squeeze() if b % 2 else x.squeeze(_dim(x, c)),
    "unsqueeze": lambda t, x, b, c: x.unsqueeze(_dim(x, b)),
    "expand": lambda t, x, b, c: _expanded(x, b, c),
    "diagonal": lambda t, x, b, c: x.diagonal(b % 3 - 1, _dim(x, c), _dim(x, c + 1)),
    "unfold": lambda t, x, b, c: x.unfold(_dim(x, b), 1 + c % 3, 1 + c % 2),
    "as_strided": lambda t, x, b, c: x.as_strided(*STRIDED[b % len(STRIDED)]),
    "split": lambda t, x, b, c: _pick(x.split(1 + b % 3, _dim(x, c)), b),
    "chunk": lambda t, x, b, c: _pick(x.chunk(1 + b % 3, _dim(x, c)), b),
    "tensor_split": lambda t, x, b, c: _pick(t.tensor_split(x, (1, 2), _dim(x, c)), b),
    "unbind": lambda t, x, b, c: _pick(x.unbind(_dim(x, c)), b),
    "T": lambda t, x, b, c: x.T,
    "mT": lambda t, x, b, c: x.mT,
    "H": lambda t, x, b, c: x.H,
    "detach": lambda t, x, b, c: x.detach(),
    "contiguous": lambda t, x, b, c: x.contiguous(),
    "ravel": lambda t, x, b, c: x.ravel(),
    "atleast_2d": lambda t, x, b, c: t.atleast_2d(x),
    "view as type": lambda t, x, b, c: _as_type(t, x, b),
    "view_as_real": lambda t, x, b, c: t.view_as_real(x),
    "view_as_complex": lambda t, x, b, c: t.view_as_complex(x),
    "real": lambda t, x, b, c: x.real,
    "imag": lambda t, x, b, c: x.imag,
    "conj": lambda t, x, b, c: x.conj(),
}


def _resized(world: World, x: Any, shape: tuple[int, ...]) -> Any:
    """Resize, and zero what is new: torch leaves it as it was in memory."""
    place, before = (tuple(x.shape), x.stride(), x.storage_offset()), x.untyped_storage().nbytes()
    try:
        x.resize_(shape)
    except RuntimeError:
        x.as_strided_(*place)  # torch leaves it over memory that is not its own
        raise
    after = x.untyped_storage().nbytes()
    if after > before:
        tail = world.module.zeros(0, dtype=world.module.uint8)
        tail.set_(x.untyped_storage(), before, (after - before,)).zero_()
    return x


def _set_data(x: Any, y: Any) -> Any:
    x.data = y
    return x


Change = Callable[[World, Any, int, int], Any]

#: Methods that lay a tensor elsewhere.
MOVES: dict[str, Change] = {
    "transpose_": lambda w, x, b, c: x.transpose_(_dim(x, b), _dim(x, c)),
    "t_": lambda w, x, b, c: x.t_(),
    "squeeze_": lambda w, x, b, c: x.squeeze_(_dim(x, b)),
    "unsqueeze_": lambda w, x, b, c: x.unsqueeze_(_dim(x, b)),
    "as_strided_": lambda w, x, b, c: x.as_strided_(*STRIDED[b % len(STRIDED)]),
    "resize_": lambda w, x, b, c: _resized(w, x, ((b % 5,), (2, c % 4), (4, 4), ())[c % 4]),
    "set_": lambda w, x, b, c: x.set_(w.tensor(b)),
    "data": lambda w, x, b, c: _set_data(x, w.tensor(b)),
}


def _assign(x: Any, index: Any, value: Any) -> Any:
    x[index] = value
    return x


def _assigned(w: World, x: Any, b: int, c: int) -> Any:
    y = w.tensor(c)
    return _assign(writable(x, y), b % 3, y)


#: Writes into a tensor.
WRITES: dict[str, Change] = {
    "fill_": lambda w, x, b, c: writable(x).fill_(NUMBERS[b % 5]),
    "zero_": lambda w, x, b, c: x.zero_(),
    "add_": lambda w, x, b, c: writable(x).add_(NUMBERS[b % 5]),
    "mul_": lambda w, x, b, c: writable(x).mul_(NUMBERS[b % 5]),
    "neg_": lambda w, x, b, c: writable(x).neg_(),
    "remainder_": lambda w, x, b, c: writable(x).remainder_(5),
    "x[i] = number": lambda w, x, b, c: _assign(writable(x), b % 4, NUMBERS[c % 5]),
    "x[:, i:] = number": lambda w, x, b, c: _assign(
        writable(x), (slice(None), slice(b % 3, None)), NUMBERS[c % 5]
    ),
    "x[mask] = number": lambda w, x, b, c: _assign(writable(x), x > 2, NUMBERS[c % 5]),
    "x[i] = y": _assigned,
    "copy_": lambda w, x, b, c: writable(x, w.tensor(b)).copy_(w.tensor(b)),
    "add_ y": lambda w, x, b, c: writable(x, w.tensor(b)).add_(w.tensor(b)),
    "sub_ y": lambda w, x, b, c: writable(x, w.tensor(b)).sub_(w.tensor(b)),
    "masked_fill_": lambda w, x, b, c: writable(x).masked_fill_(x == b % 4, NUMBERS[c % 5]),
}


def _new(w: World, a: int, b: int, c: int) -> Any:
    shape = ((3, 4), (2, 3), (4,), (2, 2, 3), (), (1, 3), (0, 2))[b % 7]
    dtype = getattr(w.module, ("float32", "int64", "float32", "complex64", "bool")[c % 5])
    return (w.module.arange(12)[: int(np.prod(shape))].view(shape) - a % 4).to(dtype)


def _array(w: World, number: int) -> np.ndarray:
    if not w.arrays:
        raise UndefinedError
    return w.arrays[-1 - number % len(w.arrays)]


def _write_array(w: World, a: int, b: int, c: int) -> Any:
    array = _array(w, a)
    if not array.size:
        return array
    if b % 3 == 0:
        array[...] = NUMBERS[c % 5]
    elif b % 3 == 1:
        array.flat[c % array.size] = NUMBERS[b % 5]
    else:
        np.add(array, 1, out=array, casting="unsafe")
    return array


#: What makes tensors and arrays, and writes by NumPy.
SHARING: dict[str, Callable[[World, int, int, int], Any]] = {
    "new": _new,
    "numpy": lambda w, a, b, c: w.tensor(a).numpy(),
    "write array": _write_array,
    "from_numpy": lambda w, a, b, c: w.module.from_numpy(_array(w, a)),
    "from_numpy of new": lambda w, a, b, c: w.module.from_numpy(
        np.arange(12.0, dtype=np.float32).reshape(3, 4)[:, b % 3 :]
    ),
    "view of array": lambda w, a, b, c: _array(w, a).T,
}

#: Operations that make new tensors or Python numbers.
READS: dict[str, Change] = {
    "x + y": lambda w, x, b, c: x + w.tensor(b),
    "x - number": lambda w, x, b, c: x - NUMBERS[b % 5],
    "(x * y) % 7": lambda w, x, b, c: (x * w.tensor(b)) % 7,
    "x > number": lambda w, x, b, c: x > NUMBERS[b % 5],
    "x == y": lambda w, x, b, c: x == w.tensor(b),
    "-x": lambda w, x, b, c: -x,
    "clone": lambda w, x, b, c: x.clone(),
    "sum": lambda w, x, b, c: x.sum(),
    "sum(dim)": lambda w, x, b, c: x.sum(_dim(x, b), keepdim=bool(c % 2)),
    "amax": lambda w, x, b, c: x.amax(_dim(x, b)),
    "argmax": lambda w, x, b, c: x.argmax(_dim(x, b)),
    "cumsum": lambda w, x, b, c: x.cumsum(_dim(x, b)),
    "any": lambda w, x, b, c: x.any(),
    "x[list]": lambda w, x, b, c: x[[0, b % 3]],
    "x[:, list]": lambda w, x, b, c: x[:, [b % 3, 0]],
    "x[mask]": lambda w, x, b, c: x[x > b % 5],
    "index_select": lambda w, x, b, c: x.index_select(_dim(x, b), w.module.tensor([c % 3, 0])),
    "flip": lambda w, x, b, c: x.flip(_dim(x, b)),
    "cat": lambda w, x, b, c: w.module.cat((x, w.tensor(b)), _dim(x, c)),
    "stack": lambda w, x, b, c: w.module.stack((x, w.tensor(b))),
    "where": lambda w, x, b, c: w.module.where(x > 1, x, w.tensor(b)),
    "to": lambda w, x, b, c: x.to(getattr(w.module, ("float32", "int64", "bool")[b % 3])),
    "item": lambda w, x, b, c: x.item(),
    "len": lambda w, x, b, c: len(x),
    "bool": lambda w, x, b, c: bool(x),
    "list": lambda w, x, b, c: list(x),
}


def _on_tensor(step: Change) -> Callable[[World, int, int, int], Any]:
    return lambda w, a, b, c: step(w, w.tensor(a), b, c)


def _viewing(view: View) -> Callable[[World, int, int, int], Any]:
    return lambda w, a, b, c: view(w.module, w.tensor(a), b, c)


#: Every step by name.
STEPS: dict[str, Callable[[World, int, int, int], Any]] = {
    **{name: _viewing(view) for name, view in VIEWS.items()},
    **{name: _on_tensor(step) for name, step in (MOVES | WRITES | READS).items()},
    **SHARING,
}
