"""Data types, their limits, shapes and devices: expressions, and what torch makes of them."""

import types

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from jaxnn.torch import devices, dtypes, limits, size

NAMES = (
    *("float16", "bfloat16", "float32", "float64", "int8", "int16", "int32", "int64", "uint8"),
    *("uint16", "uint32", "uint64", "bool", "complex64", "complex128"),
)
ALIASES = {
    "half": "float16",
    "float": "float32",
    "double": "float64",
    "short": "int16",
    "int": "int32",
    "long": "int64",
    "cfloat": "complex64",
    "cdouble": "complex128",
}
ALL = {name: getattr(dtypes, name) for name in dtypes.__all__}
torch = types.SimpleNamespace(
    **ALL, finfo=limits.finfo, iinfo=limits.iinfo, Size=size.Size, device=devices.device
)


def outcome(expression: str, torch: object) -> str:
    """What an expression gives: its repr, or the type and text of what it raises."""
    try:
        return repr(eval(expression, {"torch": torch, "np": np}))
    except Exception as error:
        return f"{type(error).__name__}: {error}"


_DEVICES = (
    "cpu, cuda, ipu, xpu, mkldnn, opengl, opencl, ideep, hip, ve, fpga, maia, xla, lazy, vulkan, "
    "mps, meta, hpu, mtia, privateuseone"
)
_UNKNOWN = f"RuntimeError: Expected one of {_DEVICES} device type at start of device string: "
_NOT_A_DEVICE = (
    "TypeError: device() received an invalid combination of arguments - got ({0}), "
    "but expected one of:\n * (torch.device device)\n"
    "      didn't match because some of the arguments have invalid types: (!{0}!)\n"
    " * (str type, int index = -1)\n"
)
_SIZE_ITEM = "TypeError: torch.Size() takes an iterable of 'int' (item {} is '{}')"

#: Expressions and what they give; the same table is checked against torch itself.
EXPRESSIONS = {
    **{f"torch.{name}": f"torch.{name}" for name in NAMES},
    **{f"torch.{alias}": f"torch.{name}" for alias, name in ALIASES.items()},
    **{f"torch.{alias} is torch.{name}": "True" for alias, name in ALIASES.items()},
    "torch.dtype()": "TypeError: cannot create 'torch.dtype' instances",
    "torch.dtype('float32')": "TypeError: cannot create 'torch.dtype' instances",
    "isinstance(torch.float32, torch.dtype)": "True",
    "len({torch.float32, torch.float, torch.float64})": "2",
    "torch.get_default_dtype()": "torch.float32",
    "torch.set_default_dtype(torch.int32)": (
        "TypeError: only floating-point types are supported as the default type"
    ),
    "torch.set_default_dtype(torch.complex64)": (
        "TypeError: only floating-point types are supported as the default type"
    ),
    "torch.set_default_dtype('float64')": (
        "TypeError: invalid dtype object: only floating-point types are supported as the default "
        "type"
    ),
    # finfo, iinfo
    "torch.finfo(torch.float16)": (
        "finfo(resolution=0.001, min=-65504, max=65504, eps=0.000976562, "
        "smallest_normal=6.10352e-05, tiny=6.10352e-05, dtype=float16)"
    ),
    "torch.finfo(torch.bfloat16)": (
        "finfo(resolution=0.01, min=-3.38953e+38, max=3.38953e+38, eps=0.0078125, "
        "smallest_normal=1.17549e-38, tiny=1.17549e-38, dtype=bfloat16)"
    ),
    "torch.finfo()": (
        "finfo(resolution=1e-06, min=-3.40282e+38, max=3.40282e+38, eps=1.19209e-07, "
        "smallest_normal=1.17549e-38, tiny=1.17549e-38, dtype=float32)"
    ),
    "torch.finfo(float)": (
        "finfo(resolution=1e-15, min=-1.79769e+308, max=1.79769e+308, eps=2.22045e-16, "
        "smallest_normal=2.22507e-308, tiny=2.22507e-308, dtype=float64)"
    ),
    "torch.finfo(torch.complex64) == torch.finfo(torch.float32)": "True",
    "torch.finfo(torch.float64) == torch.finfo(torch.float32)": "False",
    "torch.finfo(torch.float64) == 3": "False",
    "torch.finfo(type=torch.complex128).dtype": "'float64'",
    "torch.finfo(torch.int8)": (
        "TypeError: torch.finfo() requires a floating point input type. "
        "Use torch.iinfo to handle 'torch.finfo'"
    ),
    "torch.finfo(bool)": (
        "TypeError: torch.finfo() requires a floating point input type. "
        "Use torch.iinfo to handle 'torch.finfo'"
    ),
    "torch.finfo('float32')": (
        "TypeError: finfo(): argument 'type' (position 1) must be torch.dtype, not str"
    ),
    "torch.iinfo(torch.int8)": "iinfo(min=-128, max=127, dtype=int8)",
    "torch.iinfo(torch.int32)": "iinfo(min=-2.14748e+09, max=2.14748e+09, dtype=int32)",
    "torch.iinfo(torch.uint64)": "iinfo(min=0, max=1.84467e+19, dtype=uint64)",
    "torch.iinfo(int) == torch.iinfo(torch.int64)": "True",
    "torch.iinfo(torch.int8) == torch.iinfo(torch.uint8)": "False",
    "torch.iinfo(torch.float32)": (
        "TypeError: torch.iinfo() requires an integer input type. "
        "Use torch.finfo to handle 'torch.iinfo'"
    ),
    "torch.iinfo(torch.complex64)": (
        "TypeError: torch.iinfo() requires an integer input type. "
        "Use torch.finfo to handle 'torch.iinfo'"
    ),
    "torch.iinfo(torch.bool)": "TypeError: torch.bool is not supported by torch.iinfo",
    "torch.iinfo(bool)": "TypeError: torch.bool is not supported by torch.iinfo",
    "torch.iinfo('int8')": (
        "TypeError: iinfo(): argument 'type' (position 1) must be torch.dtype, not str"
    ),
    # Size
    "torch.Size()": "torch.Size([])",
    "torch.Size([])": "torch.Size([])",
    "torch.Size((1, 5))": "torch.Size([1, 5])",
    "str(torch.Size((1, 5)))": "'torch.Size([1, 5])'",
    "f'{torch.Size((1, 5))}'": "'torch.Size([1, 5])'",
    "torch.Size(x for x in (1, 2))": "torch.Size([1, 2])",
    "torch.Size(range(3))": "torch.Size([0, 1, 2])",
    "torch.Size(np.array([1, 2]))": "torch.Size([1, 2])",
    "torch.Size([np.int64(3)])": "torch.Size([3])",
    "torch.Size([True])": "torch.Size([1])",
    "torch.Size([-1])": "torch.Size([-1])",
    "torch.Size([2, 3, 4])[0]": "2",
    "torch.Size([2, 3, 4])[-1]": "4",
    "torch.Size([2, 3, 4])[1:]": "torch.Size([3, 4])",
    "torch.Size([2, 3, 4])[::-1]": "torch.Size([4, 3, 2])",
    "torch.Size([2, 3, 4])[0:0]": "torch.Size([])",
    "torch.Size([2]) + (1,)": "torch.Size([2, 1])",
    "torch.Size([2]) + torch.Size([1])": "torch.Size([2, 1])",
    "(1,) + torch.Size([2])": "torch.Size([1, 2])",
    "torch.Size([2, 3]) * 2": "torch.Size([2, 3, 2, 3])",
    "2 * torch.Size([2, 3])": "torch.Size([2, 3, 2, 3])",
    "torch.Size([2, 3]) * -1": "torch.Size([])",
    "torch.Size([2, 3, 4]).numel()": "24",
    "torch.Size([]).numel()": "1",
    "torch.Size([2, 0]).numel()": "0",
    "torch.Size([2, 3]) == (2, 3)": "True",
    "hash(torch.Size([2, 3])) == hash((2, 3))": "True",
    "torch.Size([2, 3]).index(3)": "1",
    "torch.Size([2, 3, 2]).count(2)": "2",
    "[*torch.Size([2, 3])]": "[2, 3]",
    "torch.Size(3)": "TypeError: 'int' object is not iterable",
    "torch.Size([1], [2])": "TypeError: tuple expected at most 1 argument, got 2",
    "torch.Size(a=1)": "TypeError: tuple() takes no keyword arguments",
    "torch.Size([1.5])": _SIZE_ITEM.format(0, "float"),
    "torch.Size([1, 'a'])": _SIZE_ITEM.format(1, "str"),
    "torch.Size('12')": _SIZE_ITEM.format(0, "str"),
    "torch.Size([None])": _SIZE_ITEM.format(0, "NoneType"),
    "torch.Size([[1]])": _SIZE_ITEM.format(0, "list"),
    "torch.Size([np.float32(3)])": _SIZE_ITEM.format(0, "numpy.float32"),
    "torch.Size([2, 3]) + (1.5,)": _SIZE_ITEM.format(2, "float"),
    "torch.Size([2**70])": "ValueError: Overflow when unpacking long long",
    "torch.Size([1]) + [1]": "TypeError: can only concatenate tuple (not list) to torch.Size",
    "torch.Size([1]) + 1": "TypeError: can only concatenate tuple (not int) to torch.Size",
    "torch.Size([1]) + None": "TypeError: can only concatenate tuple (not NoneType) to torch.Size",
    "torch.Size([1]) * 1.5": "TypeError: can't multiply sequence by non-int of type 'float'",
    "torch.Size([1])['a']": "TypeError: tuple indices must be integers or slices, not str",
    "torch.Size([1])[1]": "IndexError: tuple index out of range",
    # device
    "torch.device('cpu')": "device(type='cpu')",
    "torch.device('cpu:0')": "device(type='cpu', index=0)",
    "torch.device('cpu', 0)": "device(type='cpu', index=0)",
    "torch.device('cuda')": "device(type='cuda')",
    "torch.device('cuda:1')": "device(type='cuda', index=1)",
    "torch.device(type='cuda', index=1)": "device(type='cuda', index=1)",
    "torch.device('cuda', index=None)": "device(type='cuda')",
    "torch.device(torch.device('cuda:1'))": "device(type='cuda', index=1)",
    "torch.device('meta')": "device(type='meta')",
    "str(torch.device('cpu')), str(torch.device('cuda', 3))": "('cpu', 'cuda:3')",
    "torch.device('cuda:3').type, torch.device('cuda:3').index": "('cuda', 3)",
    "torch.device('cpu').index": "None",
    "torch.device('cpu') == torch.device('cpu')": "True",
    "torch.device('cpu') == torch.device('cpu:0')": "False",
    "torch.device('cpu') == 'cpu'": "False",
    "len({torch.device('cpu'), torch.device('cpu'), torch.device('cpu:0')})": "2",
    "torch.device('cpu') < torch.device('cuda')": "TypeError: comparison not implemented",
    "torch.device('cpu') >= torch.device('cuda')": "TypeError: comparison not implemented",
    "torch.device('gpu')": _UNKNOWN + "gpu",
    "torch.device('foo:1')": _UNKNOWN + "foo",
    "torch.device('foo', 1)": _UNKNOWN + "foo",
    "torch.device('CPU')": _UNKNOWN + "CPU",
    "torch.device('')": "RuntimeError: Device string must not be empty",
    "torch.device('cpu:')": "RuntimeError: Invalid device string: 'cpu:'",
    "torch.device('cpu ')": "RuntimeError: Invalid device string: 'cpu '",
    "torch.device('cpu:a')": "RuntimeError: Invalid device string: 'cpu:a'",
    "torch.device('cpu:01')": "RuntimeError: Invalid device string: 'cpu:01'",
    "torch.device('cuda:-1')": "RuntimeError: Invalid device string: 'cuda:-1'",
    "torch.device('cuda:1:2')": "RuntimeError: Invalid device string: 'cuda:1:2'",
    "torch.device('cpu:1', 1)": (
        "RuntimeError: type (string) must not include an index because index was passed "
        "explicitly: cpu:1"
    ),
    "torch.device('cpu', -1)": "RuntimeError: Device index must not be negative",
    "torch.device(-1)": "RuntimeError: Device index must not be negative",
    "torch.device('cpu', 'a')": (
        "TypeError: device(): argument 'index' (position 2) must be int, not str"
    ),
    "torch.device(3.0, 1)": (
        "TypeError: device(): argument 'type' (position 1) must be str, not float"
    ),
    "torch.device(None)": _NOT_A_DEVICE.format("NoneType"),
    "torch.device(1.5)": _NOT_A_DEVICE.format("float"),
    "torch.device(True)": _NOT_A_DEVICE.format("bool"),
}

_TRAITS = ("itemsize", "is_floating_point", "is_complex", "is_signed")
_FINFO = ("bits", "eps", "max", "min", "tiny", "smallest_normal", "resolution", "dtype")
_IINFO = ("bits", "max", "min", "dtype")

#: What torch says of each type, in the order of _TRAITS.
TRAITS = {
    "float16": (2, True, False, True),
    "bfloat16": (2, True, False, True),
    "float32": (4, True, False, True),
    "float64": (8, True, False, True),
    "int8": (1, False, False, True),
    "int16": (2, False, False, True),
    "int32": (4, False, False, True),
    "int64": (8, False, False, True),
    "uint8": (1, False, False, False),
    "uint16": (2, False, False, False),
    "uint32": (4, False, False, False),
    "uint64": (8, False, False, False),
    "bool": (1, False, False, False),
    "complex64": (8, False, True, True),
    "complex128": (16, False, True, True),
}

_HALF = 6.103515625e-05
_SINGLE = 1.1754943508222875e-38
_DOUBLE = 2.2250738585072014e-308
_LARGEST_SINGLE, _LARGEST_DOUBLE = 3.4028234663852886e38, 1.7976931348623157e308
#: The limits that torch states, bit for bit, in the order of _FINFO and _IINFO.
LIMITS = {
    "float16": (16, 2.0**-10, 65504.0, -65504.0, _HALF, _HALF, 0.001, "float16"),
    "bfloat16": (
        *(16, 2.0**-7, 3.3895313892515355e38, -3.3895313892515355e38),
        *(_SINGLE, _SINGLE, 0.01, "bfloat16"),
    ),
    "float32": (
        *(32, 2.0**-23, _LARGEST_SINGLE, -_LARGEST_SINGLE, _SINGLE, _SINGLE, 1e-6, "float32"),
    ),
    "float64": (
        *(64, 2.0**-52, _LARGEST_DOUBLE, -_LARGEST_DOUBLE, _DOUBLE, _DOUBLE, 1e-15, "float64"),
    ),
    "int8": (8, 127, -128, "int8"),
    "uint8": (8, 255, 0, "uint8"),
    "int16": (16, 32767, -32768, "int16"),
    "uint16": (16, 65535, 0, "uint16"),
    "int32": (32, 2**31 - 1, -(2**31), "int32"),
    "uint32": (32, 2**32 - 1, 0, "uint32"),
    "int64": (64, 2**63 - 1, -(2**63), "int64"),
    "uint64": (64, 2**64 - 1, 0, "uint64"),
}


def traits(dtype: object) -> tuple[object, ...]:
    return tuple(getattr(dtype, trait) for trait in _TRAITS)


def limits_of(name: str, torch: object) -> tuple[object, ...]:
    floating = "float" in name
    info = getattr(torch, "finfo" if floating else "iinfo")(getattr(torch, name))
    return tuple(getattr(info, field) for field in (_FINFO if floating else _IINFO))


@pytest.mark.parametrize("expression", EXPRESSIONS)
def test_expression(expression):
    assert outcome(expression, torch) == EXPRESSIONS[expression]


@pytest.mark.parametrize("name", NAMES)
def test_traits(name):
    assert traits(getattr(torch, name)) == TRAITS[name]
    assert getattr(torch, name).numpy == np.dtype(jnp.bfloat16 if name == "bfloat16" else name)


@pytest.mark.parametrize("name", LIMITS)
def test_limits(name):
    assert limits_of(name, torch) == LIMITS[name]


def test_limits_are_no_keys():
    with pytest.raises(TypeError):
        hash(limits.finfo())
    with pytest.raises(TypeError):
        hash(limits.iinfo(dtypes.int8))


@pytest.mark.parametrize("name", NAMES)
def test_from_jax(name):
    assert dtypes.from_jax(getattr(torch, name).numpy) is getattr(torch, name)


_SUPPORTED = (
    "float64, float32, float16, complex64, complex128, int64, int32, int16, int8, uint64, uint32, "
    "uint16, uint8, and bool"
)
_REFUSED = "TypeError: can't convert np.ndarray of type {}. The only supported types are: {}."
_BYTE_ORDER = (
    "ValueError: given numpy array has byte order different from the native byte order. "
    "Conversion between byte orders is currently not supported."
)

#: NumPy types, and what torch.from_numpy makes of an array of them.
NUMPY_TYPES = {
    **{name: f"torch.{name}" for name in NAMES if name != "bfloat16"},
    "longlong": "torch.int64",
    "object": _REFUSED.format("numpy.object_", _SUPPORTED),
    "U1": _REFUSED.format("numpy.str_", _SUPPORTED),
    "S1": _REFUSED.format("numpy.bytes_", _SUPPORTED),
    "datetime64[s]": _REFUSED.format("numpy.datetime64", _SUPPORTED),
    "longdouble": _REFUSED.format("numpy.longdouble", _SUPPORTED),
    "clongdouble": _REFUSED.format("numpy.clongdouble", _SUPPORTED),
    "i4,f4": _REFUSED.format("numpy.void", _SUPPORTED),
    "bfloat16": _REFUSED.format("ml_dtypes.bfloat16", _SUPPORTED),
    ">f4": _BYTE_ORDER,
    ">i2": _BYTE_ORDER,
}


def numpy_type(name: str) -> np.dtype:
    return np.dtype(jnp.bfloat16 if name == "bfloat16" else name)


@pytest.mark.parametrize("name", NUMPY_TYPES)
def test_from_numpy(name):
    try:
        ours = repr(dtypes.from_numpy(numpy_type(name)))
    except (TypeError, ValueError) as error:
        ours = f"{type(error).__name__}: {error}"
    assert ours == NUMPY_TYPES[name]


def test_default_dtype_is_what_was_set():
    try:
        dtypes.set_default_dtype(dtypes.bfloat16)
        assert dtypes.get_default_dtype() is dtypes.bfloat16
        assert limits.finfo().dtype == "bfloat16"
    finally:
        dtypes.set_default_dtype(dtypes.float32)


without_gpu = pytest.mark.skipif(
    jax.default_backend() == "gpu", reason="says what happens where there is no GPU"
)


@without_gpu
@pytest.mark.parametrize(
    ("name", "error", "message"),
    [
        ("cuda", AssertionError, "Torch not compiled with CUDA enabled"),
        (
            "meta",
            NotImplementedError,
            "jaxnn.torch has no 'meta' device; it has 'cpu' and 'cuda'. "
            "On any other device that JAX knows, use the core: jax.device_put(x, device)",
        ),
    ],
)
def test_a_device_that_jax_lacks(name, error, message):
    with pytest.raises(error) as refusal:
        _ = devices.device(name).jax_device
    assert str(refusal.value) == message


def test_the_cpu_is_jax_s_cpu():
    assert devices.device("cpu").jax_device.platform == "cpu"


@without_gpu
def test_a_bare_index_needs_an_accelerator():
    assert outcome("torch.device(0)", torch) == (
        "RuntimeError: Cannot access accelerator device when none is available."
    )
