"""State dicts: parameters by torch's names, there and back, and what cannot go."""

import dataclasses
from collections import OrderedDict
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
import pytest

import jaxnn
from jaxnn.checkpoint import from_state_dict, load_torch, to_state_dict
from tests.checkpoint.test_torch_files import FOLDER


def test_a_model_of_torchs_becomes_parameters():
    state = {
        name: value
        for name, value in load_torch(FOLDER / "zip.pt")["model"].items()
        if not name.startswith("2.")
    }
    like = (
        jaxnn.Dense(jnp.zeros((2, 3)), jnp.zeros(3)),
        jaxnn.Dense(jnp.zeros((3, 1)), jnp.zeros(1)),
    )
    params = from_state_dict(state, like, names=("0", "3"))
    np.testing.assert_array_equal(params[0].kernel, state["0.weight"].T)
    again = to_state_dict(params, names=("0", "3"))
    assert again.keys() == state.keys()
    for name in state:
        np.testing.assert_array_equal(again[name], state[name])


def test_names_follow_the_structure():
    params = {
        "conv": jaxnn.init_conv(jax.random.key(0), 3, 4, (5, 5)),
        "layers": [jaxnn.init_dense(jax.random.key(0), 2, 3, bias=False)],
        "scale": jnp.ones(()),
    }
    state = to_state_dict(params)
    assert {name: value.shape for name, value in state.items()} == {
        "conv.weight": (4, 3, 5, 5), "conv.bias": (4,), "layers.0.weight": (3, 2), "scale": (),
    }  # fmt: skip
    again = from_state_dict(state, jax.eval_shape(lambda: params))
    jax.tree.map(np.testing.assert_array_equal, again, params)


def test_a_mismatch_is_refused_by_name_and_shape():
    params = jaxnn.init_mlp(jax.random.key(0), (2, 3, 1))
    state = to_state_dict(params)
    state["3.weight"] = state.pop("2.weight")
    state["0.bias"] = np.zeros(4)
    with pytest.raises(ValueError) as caught:
        from_state_dict(state, params)
    assert str(caught.value) == (
        "from_state_dict: names, shapes and kinds of numbers must be those of the parameters; got "
        "2.weight is missing; 3.weight is one too many; 0.bias is (4,), not (3,); see "
        "to_state_dict(like) for them"
    )


@pytest.mark.parametrize(
    ("params", "names", "came"),
    [
        ([1.0, 2.0], ("a", "b", "c"), "3 names and 2 elements of a list"),
        ({"w": 1.0}, ("a",), "1 names and 1 elements of a dict"),
        (
            jaxnn.Dense(jnp.ones((2, 3)), jnp.ones(3)),
            ("w", "b"),
            "2 names and 2 elements of a Dense",
        ),
        ([1.0, 2.0], ("0", "0"), "several of 0"),
        ({"a.b": 1.0, "a": {"b": 2.0}, "c": 3.0}, None, "several of a.b"),
    ],
)
def test_every_array_has_one_name(params, names, came):
    for use in (to_state_dict, lambda params, names: from_state_dict({}, params, names)):
        with pytest.raises(ValueError, match=f"got {came}; "):
            use(params, names)


def test_an_array_without_memory_is_refused_by_its_shape():
    vast = np.broadcast_to(np.ones((), np.float16), (2**30, 2**30))
    with pytest.raises(ValueError, match=r"got x is \(1073741824, 1073741824\), not \(2,\); see"):
        from_state_dict({"x": vast}, {"x": jnp.zeros(2)})


@jax.tree_util.register_dataclass
@dataclasses.dataclass
class Affine:
    """A layer of a user's own."""

    weight: Any
    bias: Any


@dataclasses.dataclass
class Unknown:
    """One that JAX does not know."""

    weight: Any


class Pair(NamedTuple):
    """A NamedTuple of a user's own."""

    second: Any
    first: Any


def test_each_array_stays_in_its_place_in_whatever_container():
    dense = jaxnn.Dense(jnp.full((2, 3), 4.0), None)
    params = OrderedDict(
        w=jnp.ones((2, 2)),
        b={"z": dense, "c": jnp.zeros(())},
        a=[Affine(weight=jnp.full(2, 2.0), bias=None), None, Pair(second=(5.0,), first={"x": 6})],
    )
    state = to_state_dict(params)
    assert list(state) == ["w", "b.c", "b.z.weight", "a.0.weight", "a.2.second.0", "a.2.first.x"]
    again = from_state_dict(dict(sorted(state.items())), params)
    assert jax.tree.structure(again) == jax.tree.structure(params)
    jax.tree.map(np.testing.assert_array_equal, again, params)


def test_only_a_plain_tuple_of_layers_is_numbered_as_torch_does():
    dense = jaxnn.Dense(jnp.ones((2, 2)), None)
    assert list(to_state_dict(Pair(dense, dense))) == ["second.weight", "first.weight"]
    assert list(to_state_dict((dense, dense))) == ["0.weight", "2.weight"]
    assert list(to_state_dict((None, dense), names=("a", "b"))) == ["b.weight"]


def test_what_is_no_array_is_refused():
    for use in (to_state_dict, lambda params: from_state_dict({"": 0, "a": 0}, params)):
        with pytest.raises(TypeError, match="got a Unknown; use "):
            use(Unknown(jnp.ones(2)))
        with pytest.raises(TypeError, match="got a str in a; use "):
            use({"a": "text"})


CONVERTED = [  # as torch's load_state_dict converts them
    (np.array([1.1, -0.0, np.inf], np.float32), "bfloat16"),
    (np.array([1.1, 3e38], jnp.bfloat16), "float32"),
    (np.array([1.1, 1e-300]), "float32"),
    (np.array([2**24 + 1, -3]), "float32"),
    (np.array([127, -128]), "int8"),
    (np.array([True, False]), "int32"),
    (np.array([1.5, 2]), "complex64"),
]
REFUSED = [
    (np.array([2**40]), "int32", "int64 with numbers beyond int32"),
    (np.array([-1]), "uint8", "int64 with numbers beyond uint8"),
    (np.array([1e300]), "float32", "float64 with numbers beyond float32"),
    (np.array([7e4], np.float32), "float16", "float32 with numbers beyond float16"),
    (np.array([1.0]), "int32", "float64, not int32"),
    (np.array([1], np.uint8), "bool", "uint8, not bool"),
    (np.array([1 + 0j]), "float32", "complex128, not float32"),
    (np.array(["a"]), "float32", "<U1, not float32"),
]


@pytest.mark.parametrize(("value", "dtype"), CONVERTED, ids=lambda each: str(each)[:30])
def test_numbers_of_a_narrower_kind_are_converted(value, dtype):
    loaded = from_state_dict({"x": value}, {"x": jnp.zeros(value.shape, dtype)})["x"]
    assert loaded.dtype == dtype
    np.testing.assert_array_equal(np.asarray(loaded), value.astype(dtype))


@pytest.mark.parametrize(("value", "dtype", "came"), REFUSED, ids=lambda each: str(each)[:30])
def test_numbers_that_would_become_others_are_refused(value, dtype, came):
    with pytest.raises(ValueError, match=f"got x is {came}; see to_state_dict"):
        from_state_dict({"x": value}, {"x": jnp.zeros(value.shape, dtype)})
