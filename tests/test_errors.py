"""The whole text of every error of the core: what must hold, what came, what to type instead."""

from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from jax.typing import ArrayLike

import jaxnn
from jaxnn._checks import describe

KEY = jax.random.key(0)
LAYER = jaxnn.Dense(jnp.ones((4, 3)), jnp.zeros(3))
X = jnp.ones((2, 3))
NO_RNG: Any = 0
NO_AXIS: Any = None
TWO_AXES: Any = (0, 1)
ONE_SIZE: Any = 3
ONE_LAYER: Any = LAYER
LIST: Any = [1.0, -1.0]
HALF = jnp.bfloat16

ERRORS: list[tuple[Callable[[], object], type[Exception], str]] = [
    (
        lambda: jaxnn.sigmoid(jnp.arange(3)),
        TypeError,
        "sigmoid: x must be floating point; got i32[3]; use jnp.asarray(x, jnp.float32)",
    ),
    (
        lambda: jaxnn.relu(True),
        TypeError,
        "relu: x must be floating point; got bool[]; use jnp.asarray(x, jnp.float32)",
    ),
    (
        lambda: jaxnn.softmax(np.ones((2, 2), np.complex64)),
        TypeError,
        "softmax: x must be floating point; got c64[2,2]; use jnp.asarray(x, jnp.float32)",
    ),
    (
        lambda: jaxnn.relu(LIST),
        TypeError,
        "relu: x must be an array or a number; got a list; use jnp.asarray(x)",
    ),
    (
        lambda: jaxnn.cross_entropy(X, LIST),
        TypeError,
        "cross_entropy: targets must be an array or a number; got a list; use jnp.asarray(targets)",
    ),
    (
        lambda: jaxnn.accuracy(X, LIST),
        TypeError,
        "accuracy: labels must be an array or a number; got a list; use jnp.asarray(labels)",
    ),
    (
        lambda: jaxnn.softmax(X, NO_AXIS),
        TypeError,
        "softmax: axis must be one integer; got None; use axis=-1 for the last axis",
    ),
    (
        lambda: jaxnn.glu(X, TWO_AXES),
        TypeError,
        "glu: axis must be one integer; got (0, 1); use axis=-1 for the last axis",
    ),
    (
        lambda: jaxnn.softmax(X, axis=2),
        ValueError,
        "softmax: x must have axis 2; got f32[2,3]; use axis=-1 for the last axis",
    ),
    (
        lambda: jaxnn.log_softmax(jnp.float32(1)),
        ValueError,
        "log_softmax: x must have axis -1; got f32[]; give x a dimension first",
    ),
    (
        lambda: jaxnn.glu(X),
        ValueError,
        "glu: axis -1 must have an even size; got f32[2,3]; give it values and gates alike",
    ),
    (
        lambda: jaxnn.gelu(X, approximate="erf"),
        ValueError,
        "gelu: approximate must be one of 'none', 'tanh'; got 'erf'; use approximate='none'",
    ),
    (
        lambda: jaxnn.softshrink(X, lambd=-1.0),
        ValueError,
        "softshrink: lambd must be between 0.0 and inf; got -1.0; use lambd=0.0",
    ),
    (
        lambda: jaxnn.hardtanh(X, 2.0),
        ValueError,
        "hardtanh: max_val must be between 2.0 and inf; got 1.0; use max_val=2.0",
    ),
    (
        lambda: jaxnn.prelu(X, jnp.ones(2)),
        ValueError,
        (
            "prelu: weight must have shape (), (1,) or (3,); "
            "got x f32[2,3] and weight f32[2]; "
            "put the channels on axis 1 of x"
        ),
    ),
    (
        lambda: jaxnn.dense(LAYER, jnp.ones((1, 5))),
        ValueError,
        (
            "dense: the last axis of x must be as long as the first of kernel (in, out); "
            "got f32[1,5] @ f32[4,3]; "
            "give x the shape (…, 4)"
        ),
    ),
    (
        lambda: jaxnn.dense(LAYER, jnp.float32(1)),
        ValueError,
        (
            "dense: the last axis of x must be as long as the first of kernel (in, out); "
            "got f32[] @ f32[4,3]; "
            "give x the shape (…, 4)"
        ),
    ),
    (
        lambda: jaxnn.dense(LAYER, jnp.ones((1, 3))),
        ValueError,
        (
            "dense: the last axis of x must be as long as the first of kernel (in, out); "
            "got f32[1,3] @ f32[4,3]; "
            "use kernel.T"
        ),
    ),
    (
        lambda: jaxnn.dense(jaxnn.Dense(jnp.ones(4), None), jnp.ones((1, 4))),
        ValueError,
        (
            "dense: the last axis of x must be as long as the first of kernel (in, out); "
            "got f32[1,4] @ f32[4]; "
            "give kernel two axes"
        ),
    ),
    (
        lambda: jaxnn.dense(jaxnn.Dense(jnp.ones((4, 3)), jnp.ones(1)), jnp.ones(4)),
        ValueError,
        (
            "dense: bias must be (out,); "
            "got f32[3] + f32[1]; "
            "use Dense(kernel, None) for a layer without"
        ),
    ),
    (
        lambda: jaxnn.dense(LAYER, jnp.ones((1, 4), jnp.uint8)),
        TypeError,
        "dense: x must be floating point; got u8[1,4]; use jnp.asarray(x, jnp.float32)",
    ),
    (
        lambda: jaxnn.dense(LAYER, jnp.ones((1, 4), HALF)),
        TypeError,
        (
            "dense: x and kernel must have the same dtype; "
            "got bf16[1,4] @ f32[4,3]; "
            "use x.astype(kernel.dtype)"
        ),
    ),
    (
        lambda: jaxnn.dense(LAYER._replace(kernel=jnp.ones((4, 3), HALF)), jnp.ones(4, HALF)),
        TypeError,
        (
            "dense: x and bias must have the same dtype; "
            "got bf16[3] + f32[3]; "
            "use x.astype(bias.dtype)"
        ),
    ),
    (
        lambda: jaxnn.mlp([LAYER], jnp.ones((1, 4), HALF)),
        TypeError,
        (
            "dense: x and kernel must have the same dtype; "
            "got bf16[1,4] @ f32[4,3]; "
            "use x.astype(kernel.dtype)"
        ),
    ),
    (
        lambda: jaxnn.dropout(KEY, X, 1.5),
        ValueError,
        "dropout: rate must be between 0.0 and 1.0; got 1.5; use rate=0.0",
    ),
    (
        lambda: jaxnn.dropout(KEY, X, float("nan")),
        ValueError,
        "dropout: rate must be between 0.0 and 1.0; got nan; use rate=0.0",
    ),
    (
        lambda: jaxnn.dropout(KEY, jnp.arange(3), 0.5),
        TypeError,
        "dropout: x must be floating point; got i32[3]; use jnp.asarray(x, jnp.float32)",
    ),
    (
        lambda: jaxnn.dropout(NO_RNG, X, 0.5),
        TypeError,
        (
            "rng must be a JAX key or a jaxnn.random.Generator; "
            "got int; "
            "pass jax.random.key(0), or Generator().manual_seed(0) for torch's numbers"
        ),
    ),
    (
        lambda: jaxnn.init_dense(NO_RNG, 3, 2),
        TypeError,
        (
            "rng must be a JAX key or a jaxnn.random.Generator; "
            "got int; "
            "pass jax.random.key(0), or Generator().manual_seed(0) for torch's numbers"
        ),
    ),
    (
        lambda: jaxnn.init_mlp(NO_RNG, (3, 2)),
        TypeError,
        (
            "rng must be a JAX key or a jaxnn.random.Generator; "
            "got int; "
            "pass jax.random.key(0), or Generator().manual_seed(0) for torch's numbers"
        ),
    ),
    (
        lambda: jaxnn.init_dense(KEY, -1, 2),
        ValueError,
        "init_dense: in_features must be between 0 and inf; got -1; use in_features=0",
    ),
    (
        lambda: jaxnn.init_mlp(KEY, (2, -1)),
        ValueError,
        "init_dense: out_features must be between 0 and inf; got -1; use out_features=0",
    ),
    (
        lambda: jaxnn.init_mlp(KEY, ONE_SIZE),
        TypeError,
        (
            "init_mlp: sizes must name input and output; "
            "got 3; "
            "add the missing size, as in (3, 2, 1)"
        ),
    ),
    (
        lambda: jaxnn.init_mlp(KEY, (3,)),
        ValueError,
        (
            "init_mlp: sizes must name input and output; "
            "got (3,); "
            "add the missing size, as in (3, 2, 1)"
        ),
    ),
    (
        lambda: jaxnn.mlp([LAYER, LAYER], jnp.ones((1, 4))),
        ValueError,
        (
            "dense: the last axis of x must be as long as the first of kernel (in, out); "
            "got f32[1,3] @ f32[4,3]; "
            "use kernel.T"
        ),
    ),
    (
        lambda: jaxnn.mlp(ONE_LAYER, X),
        TypeError,
        "mlp: params must be a sequence of layers; got a single Dense; use mlp([params], x)",
    ),
    (
        lambda: jaxnn.mlp([], X),
        ValueError,
        "mlp: params must hold a layer; got none; make them with init_mlp",
    ),
    (
        lambda: jaxnn.initializers.xavier_uniform()(KEY, (3,)),
        ValueError,
        (
            "initializers: a kernel has two axes or more; "
            "got shape (3,); "
            "use (in, out), or another initialiser"
        ),
    ),
    (
        lambda: jaxnn.initializers.kaiming_normal(mode="fan"),
        ValueError,
        "initializers: mode must be one of 'fan_in', 'fan_out'; got 'fan'; use mode='fan_in'",
    ),
    (
        lambda: jaxnn.initializers.kaiming_uniform(nonlinearity="gelu"),
        ValueError,
        (
            "calculate_gain: nonlinearity must be one of "
            "'linear', 'conv1d', 'conv2d', 'conv3d', "
            "'conv_transpose1d', 'conv_transpose2d', 'conv_transpose3d', "
            "'sigmoid', 'tanh', 'relu', 'leaky_relu', 'selu'; "
            "got 'gelu'; "
            "use nonlinearity='linear'"
        ),
    ),
    (
        lambda: jaxnn.mse_loss(X, jnp.ones((2, 1))),
        ValueError,
        (
            "mse_loss: targets must have the shape of predictions; "
            "got predictions f32[2,3] and targets f32[2,1]; "
            "use targets.reshape(predictions.shape)"
        ),
    ),
    (
        lambda: jaxnn.mse_loss(X, X, weight=jnp.ones(3)),
        ValueError,
        (
            "mse_loss: weight must have the shape of predictions; "
            "got predictions f32[2,3] and weight f32[3]; "
            "use weight.reshape(predictions.shape)"
        ),
    ),
    (
        lambda: jaxnn.mse_loss(X, jnp.ones((2, 3), jnp.int32)),
        TypeError,
        (
            "mse_loss: targets must be floating point; "
            "got i32[2,3]; "
            "use jnp.asarray(targets, jnp.float32)"
        ),
    ),
    (
        lambda: jaxnn.mse_loss(X, X, reduction="average"),
        ValueError,
        (
            "mse_loss: reduction must be one of 'mean', 'sum', 'none'; "
            "got 'average'; "
            "use reduction='mean'"
        ),
    ),
    (
        lambda: jaxnn.cross_entropy(X, jnp.array([0, 1, 2])),
        ValueError,
        (
            "cross_entropy: targets must have the shape of logits without the classes on axis 1; "
            "got logits f32[2,3] and targets i32[3]; "
            "turn one-hot rows into indices with targets.argmax(1)"
        ),
    ),
    (
        lambda: jaxnn.cross_entropy(X, jnp.ones((2, 3), jnp.int32)),
        ValueError,
        (
            "cross_entropy: targets must have the shape of logits without the classes on axis 1; "
            "got logits f32[2,3] and targets i32[2,3]; "
            "turn one-hot rows into indices with targets.argmax(1)"
        ),
    ),
    (
        lambda: jaxnn.cross_entropy(X, jnp.array([0.0, 1.0])),
        ValueError,
        (
            "cross_entropy: probabilities must have the shape of logits; "
            "got logits f32[2,3] and targets f32[2]; "
            "indices of classes must be integer, as in targets.astype(jnp.int32)"
        ),
    ),
    (
        lambda: jaxnn.cross_entropy(X, X, ignore_index=1),
        ValueError,
        (
            "cross_entropy: ignore_index must be left out where targets are probabilities; "
            "got ignore_index=1; "
            "give the samples to ignore probabilities of 0 and use reduction='sum'"
        ),
    ),
    (
        lambda: jaxnn.cross_entropy(X, jnp.array([True, False])),
        TypeError,
        (
            "cross_entropy: targets must be integer; "
            "got logits f32[2,3] and targets bool[2]; "
            "use targets.astype(jnp.int32)"
        ),
    ),
    (
        lambda: jaxnn.cross_entropy(jnp.float32(1), jnp.array(0)),
        ValueError,
        (
            "cross_entropy: logits must have classes; "
            "got f32[]; "
            "give them shape (C,), (N, C) or (N, C, d1, …)"
        ),
    ),
    (
        lambda: jaxnn.accuracy(jnp.ones((2, 0)), jnp.array([0, 1])),
        ValueError,
        "accuracy: logits must have classes; "
        "got f32[2,0]; "
        "give them shape (C,), (N, C) or (N, C, d1, …)",
    ),
    (
        lambda: jaxnn.cross_entropy(X, jnp.array([0, 1]), weight=jnp.ones(2)),
        ValueError,
        (
            "cross_entropy: weight must have one number for each of the 3 classes; "
            "got f32[2]; "
            "give it the shape (3,)"
        ),
    ),
    (
        lambda: jaxnn.cross_entropy(X, jnp.array([0, 1]), label_smoothing=2.0),
        ValueError,
        (
            "cross_entropy: label_smoothing must be between 0.0 and 1.0; "
            "got 2.0; "
            "use label_smoothing=0.0"
        ),
    ),
    (
        lambda: jaxnn.cross_entropy(X, jnp.array([0, 1]), reduction="x"),
        ValueError,
        (
            "cross_entropy: reduction must be one of 'mean', 'sum', 'none'; "
            "got 'x'; "
            "use reduction='mean'"
        ),
    ),
    (
        lambda: jaxnn.accuracy(X, jnp.array([0.0, 1.0])),
        TypeError,
        (
            "accuracy: labels must be integer; "
            "got logits f32[2,3] and labels f32[2]; "
            "use labels.astype(jnp.int32)"
        ),
    ),
    (
        lambda: jaxnn.accuracy(X, jnp.array([0])),
        ValueError,
        (
            "accuracy: labels must have the shape of logits without the classes on axis 1; "
            "got logits f32[2,3] and labels i32[1]; "
            "turn one-hot rows into indices with labels.argmax(1)"
        ),
    ),
    (
        lambda: jaxnn.sigmiod,
        AttributeError,
        "module 'jaxnn' has no attribute 'sigmiod'",
    ),
]


@pytest.mark.parametrize(("call", "error", "text"), ERRORS, ids=[text for *_, text in ERRORS])
def test_says(call: Callable[[], object], error: type[Exception], text: str):
    with pytest.raises(error) as caught:
        call()
    assert type(caught.value) is error
    assert str(caught.value) == text


@pytest.mark.parametrize("transform", [jax.jit, jax.vmap, jax.grad])
def test_shapes_are_refused_when_traced(transform: Callable[..., Callable]):
    """Before anything is computed, and so under every transformation."""
    transformed = transform(lambda x: jaxnn.dense(LAYER, x).sum())
    with pytest.raises(ValueError, match=r"^dense: .* got f32\[.*3\] @ f32\[4,3\]; "):
        transformed(X)


def test_a_traced_number_is_not_refused():
    """What it will be is not known when the program is traced."""
    result = jax.jit(jaxnn.softshrink)(X, -1.0)
    assert result.shape == X.shape


@pytest.mark.parametrize(
    ("x", "text"),
    [
        (1.0, "f32[]"),
        (True, "bool[]"),
        (np.zeros((1, 5), np.uint8), "u8[1,5]"),
        (np.zeros((0,), np.int16), "i16[0]"),
        (jnp.zeros((2, 3), jnp.bfloat16), "bf16[2,3]"),
        (np.complex64(1j), "c64[]"),
        (jax.random.key(0), "key<fry>[]"),
    ],
)
def test_describe(x: ArrayLike, text: str):
    assert describe(x) == text
