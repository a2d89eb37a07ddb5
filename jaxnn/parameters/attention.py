"""Attention of several heads, and the transformer's layer around it."""

import jax.numpy as jnp
from jax import Array
from jax.typing import DTypeLike

from jaxnn import initializers
from jaxnn._rng import Rng, all_or_nothing, split
from jaxnn.initializers import Initializer
from jaxnn.layers import init_dense

_XAVIER = initializers.xavier_uniform()


@all_or_nothing
def init_multihead_attention(
    rng: Rng,
    embed_dim: int,
    *,
    bias: bool = True,
    add_bias_kv: bool = False,
    kdim: int | None = None,
    vdim: int | None = None,
    dtype: DTypeLike = jnp.float32,
) -> dict[str, Array]:
    """First parameters of attention with several heads, whose number they do not depend on.

    The projections of queries, keys and values are uniform as of Xavier, that of the output as a
    dense layer's; biases are 0, and those added to keys and values normal as of Xavier.

    Args:
        rng: A JAX key, or a Generator, which is advanced.
        embed_dim: The size of a query and of an output.
        bias: Whether the projections have biases.
        add_bias_kv: Whether one key and one value are added to every sequence.
        kdim: The size of a key, by default ``embed_dim``.
        vdim: The size of a value, by default ``embed_dim``.
        dtype: Of all arrays.

    Returns:
        The arrays by torch's names and in torch's layout: ``in_proj_weight`` (3 · embed, embed),
        queries' above keys' above values', or, where a size is another, ``q_proj_weight`` (embed,
        embed), ``k_proj_weight`` (embed, kdim) and ``v_proj_weight`` (embed, vdim);
        ``in_proj_bias`` (3 · embed,); ``bias_k`` and ``bias_v`` (1, 1, embed);
        ``out_proj.weight`` (embed, embed), ``out_proj.bias`` (embed,).

    Raises:
        TypeError: ``rng`` is neither a key nor a Generator.
        ValueError: A size is negative.

    Example:
        >>> import jax, jaxnn
        >>> params = jaxnn.init_multihead_attention(jax.random.key(0), 4, bias=False)
        >>> {name: array.shape for name, array in params.items()}
        {'in_proj_weight': (12, 4), 'out_proj.weight': (4, 4)}

    Source: torch.nn.MultiheadAttention.
    """
    # The order is torch's: the output's projection is drawn first, and its bias, which becomes 0.
    out_rng, in_rng, key_rng, value_rng = split(rng, 4)
    output = init_dense(out_rng, embed_dim, embed_dim, bias=bias, dtype=dtype)
    key_dim, value_dim = (embed_dim if dim is None else dim for dim in (kdim, vdim))
    params = _input_projections(in_rng, embed_dim, key_dim, value_dim, dtype)
    zeros = initializers.zeros
    if bias:
        params["in_proj_bias"] = zeros(rng, (3 * embed_dim,), dtype)
    if add_bias_kv:
        for name, each in (("bias_k", key_rng), ("bias_v", value_rng)):
            kernel = initializers.xavier_normal()(each, (embed_dim, 1, 1), dtype)
            params[name] = kernel.reshape(1, 1, embed_dim)
    params["out_proj.weight"] = output.kernel.T
    if bias:
        params["out_proj.bias"] = zeros(rng, (embed_dim,), dtype)
    return params


def _input_projections(
    rng: Rng, embed_dim: int, kdim: int, vdim: int, dtype: DTypeLike
) -> dict[str, Array]:
    if kdim == vdim == embed_dim:
        return {"in_proj_weight": _XAVIER(rng, (embed_dim, 3 * embed_dim), dtype).T}
    sizes = {"q_proj_weight": embed_dim, "k_proj_weight": kdim, "v_proj_weight": vdim}
    return {
        name: _XAVIER(each, (size, embed_dim), dtype).T
        for (name, size), each in zip(sizes.items(), split(rng, 3), strict=True)
    }


@all_or_nothing
def init_transformer_encoder_layer(
    rng: Rng,
    d_model: int,
    dim_feedforward: int = 2048,
    *,
    bias: bool = True,
    dtype: DTypeLike = jnp.float32,
) -> dict[str, Array]:
    """First parameters of a transformer's layer: attention, two dense layers, two norms.

    Args:
        rng: A JAX key, or a Generator, which is advanced.
        d_model: The size of an input and of an output.
        dim_feedforward: The size between the dense layers.
        bias: Whether there are biases.
        dtype: Of all arrays.

    Returns:
        The arrays by torch's names and in torch's layout: those of `init_multihead_attention` after
        ``self_attn.``; ``linear1.weight`` (feedforward, d_model) and ``linear2.weight`` (d_model,
        feedforward), with their biases; ``norm1.weight`` and ``norm2.weight``, ones of (d_model,),
        with their biases, zeros.

    Raises:
        TypeError: ``rng`` is neither a key nor a Generator.
        ValueError: A size is negative.

    Example:
        >>> import jax, jaxnn
        >>> params = jaxnn.init_transformer_encoder_layer(jax.random.key(0), 4, 8, bias=False)
        >>> [name for name in params if name.startswith("norm")]
        ['norm1.weight', 'norm2.weight']

    Source: torch.nn.TransformerEncoderLayer.
    """
    attention_rng, *dense_rngs = split(rng, 3)
    attention = init_multihead_attention(attention_rng, d_model, bias=bias, dtype=dtype)
    params = {f"self_attn.{name}": array for name, array in attention.items()}
    sizes = ((d_model, dim_feedforward), (dim_feedforward, d_model))
    for i, (each, size) in enumerate(zip(dense_rngs, sizes, strict=True), start=1):
        kernel, offset = init_dense(each, *size, bias=bias, dtype=dtype)
        params[f"linear{i}.weight"] = kernel.T
        if offset is not None:
            params[f"linear{i}.bias"] = offset
    starts: dict[str, Initializer] = {"weight": initializers.ones, "bias": initializers.zeros}
    for i in (1, 2):
        for name in ("weight", "bias")[: 1 + bias]:
            params[f"norm{i}.{name}"] = starts[name](rng, (d_model,), dtype)
    return params
