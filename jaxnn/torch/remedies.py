"""The way to do in JAX what the adapter lacks: tables of names, and the sentence that names one."""

import functools
import importlib
import re
from typing import Any

import jaxnn

_GRADIENTS = (
    "Gradients are JAX's: jax.grad(loss)(params), where loss takes tensors or arrays and returns "
    "jnp.asarray(result)"
)
_MODELS = "A model is a function of its parameters: jaxnn.init_mlp(rng, sizes), jaxnn.mlp"
_BATCHES = "Batches of data come from jaxnn.data"
_OPTIMIZERS = "Optimizers are in jaxnn.optim, and jaxnn.fit trains with them"
_DISTRIBUTIONS = (
    "Samples come from jaxnn.random and jax.random, densities from jax.scipy.stats: "
    "jax.scipy.stats.norm.logpdf(x)"
)
_DEVICES = "Devices are JAX's: jax.devices(), jax.device_put, jax.block_until_ready"
_CONVOLUTIONS = "On arrays it is jax.lax.conv_general_dilated"
_WINDOWS = "On arrays it is jax.lax.reduce_window, a reduction over windows"
_RECURRENT = "A recurrent layer is jax.lax.scan over a step that is a function of its parameters"
_ATTENTION = "On arrays it is jax.nn.dot_product_attention"
_LINEAR = "A layer is a function of its parameters: jaxnn.init_dense(rng, ...), jaxnn.dense"

# Whole sentences, for what no function of one name replaces.
_SENTENCES = {
    _GRADIENTS: "backward requires_grad requires_grad_ grad_fn retain_grad register_hook "
    "autograd grad_dtype retains_grad "
    "register_post_accumulate_grad_hook",
    "To compile a function of tensors, use jax.jit": "compile jit",
    "To map a function of tensors over a dimension, use jax.vmap": "vmap",
    _OPTIMIZERS: "optim",
    _BATCHES: "utils DataLoader TensorDataset Dataset",
    _DISTRIBUTIONS: "distributions",
    _MODELS: "Module Sequential ModuleList ModuleDict",
    _LINEAR: "Linear LazyLinear Bilinear",
    "Parameters are plain arrays or tensors in a dict, which jax.grad differentiates": (
        "Parameter ParameterList ParameterDict Buffer"
    ),
    _DEVICES: "synchronize Stream Event current_stream stream set_device current_device "
    "empty_cache memory_allocated",
    _CONVOLUTIONS: "conv1d conv2d conv3d convolution Conv1d Conv2d Conv3d conv_tbc",
    "On arrays it is jax.lax.conv_transpose": (
        "conv_transpose1d conv_transpose2d conv_transpose3d ConvTranspose1d ConvTranspose2d "
        "ConvTranspose3d"
    ),
    _WINDOWS: "max_pool1d max_pool2d max_pool3d avg_pool1d avg_pool2d avg_pool3d MaxPool1d "
    "MaxPool2d MaxPool3d AvgPool1d AvgPool2d AvgPool3d lp_pool1d lp_pool2d lp_pool3d",
    _RECURRENT: "RNN LSTM GRU RNNCell LSTMCell GRUCell rnn_tanh rnn_relu lstm gru rnn_tanh_cell "
    "rnn_relu_cell lstm_cell gru_cell",
    _ATTENTION: "MultiheadAttention multi_head_attention_forward scaled_dot_product_attention",
    "On arrays it is jax.image.resize": "interpolate upsample Upsample upsample_nearest "
    "upsample_bilinear UpsamplingNearest2d UpsamplingBilinear2d",
    "An array takes values at indices by x.at[index].set(values)": (
        "scatter scatter_ index_copy index_copy_ index_put index_put_ put put_ index_fill "
        "index_fill_ masked_scatter masked_scatter_ select_scatter slice_scatter diagonal_scatter "
        "as_strided_scatter fill_diagonal_"
    ),
    "An array adds values at indices by x.at[index].add(values)": (
        "scatter_add scatter_add_ index_add index_add_"
    ),
    "An array reduces values at indices by x.at[index].multiply(values), .min and .max": (
        "scatter_reduce scatter_reduce_ index_reduce index_reduce_"
    ),
    "The memory is tensor.untyped_storage(), and tensor.numpy() shares it": "storage storage_type",
    "A tensor of a type is torch.tensor(data, dtype=torch.float32), torch.zeros(2, dtype=...)": (
        "FloatTensor DoubleTensor LongTensor IntTensor ShortTensor CharTensor ByteTensor "
        "BoolTensor HalfTensor BFloat16Tensor"
    ),
}
_SENTENCE_OF = {name: text for text, names in _SENTENCES.items() for name in names.split()}

# Functions that go by another name in JAX.
_RENAMED = {
    "jax.numpy.matmul": "mm bmm mv",
    "jax.numpy.concatenate": "cat",
    "jax.numpy.clip": "clamp clamp_min clamp_max",
    "jax.numpy.take": "index_select",
    "jax.numpy.take_along_axis": "gather take_along_dim",
    "jax.numpy.where": "masked_fill threshold",
    "jax.numpy.tile": "repeat",
    "jax.numpy.repeat": "repeat_interleave",
    "jax.numpy.permute_dims": "permute",
    "jax.numpy.broadcast_to": "expand expand_as",
    "jax.numpy.broadcast_arrays": "broadcast_tensors",
    "jax.numpy.sort": "msort kthvalue",
    "jax.numpy.histogram": "histc",
    "jax.numpy.digitize": "bucketize",
    "jax.numpy.nanquantile": "nanmedian",
    "jax.numpy.hamming": "hamming_window",
    "jax.numpy.hanning": "hann_window",
    "jax.numpy.bartlett": "bartlett_window",
    "jax.numpy.blackman": "blackman_window",
    "jax.numpy.kaiser": "kaiser_window",
    "jax.numpy.arange": "range",
    "jax.numpy.trapezoid": "trapz",
    "jax.numpy.linalg.norm": "dist",
    "jax.numpy.linalg.inv": "inverse inv_ex",
    "jax.numpy.linalg.pinv": "pinverse",
    "jax.numpy.linalg.slogdet": "logdet",
    "jax.numpy.linalg.multi_dot": "chain_matmul",
    "jax.numpy.linalg.solve": "solve_ex",
    "jax.numpy.linalg.svd": "svd_lowrank pca_lowrank",
    "jax.scipy.linalg.cholesky": "cholesky_ex",
    "jax.scipy.linalg.cho_solve": "cholesky_solve cholesky_inverse",
    "jax.scipy.linalg.solve_triangular": "triangular_solve",
    "jax.scipy.linalg.lu": "lu_unpack",
    "jax.scipy.linalg.lu_factor": "lu_factor_ex",
    "jax.scipy.linalg.expm": "matrix_exp",
    "jax.lax.linalg.householder_product": "orgqr",
    "jax.scipy.signal.stft": "stft",
    "jax.scipy.signal.istft": "istft",
    "jax.scipy.stats.mode": "mode",
    "jax.scipy.special.gammaln": "lgamma",
    "jax.scipy.special.multigammaln": "mvlgamma",
    "jax.scipy.special.gammainc": "igamma",
    "jax.scipy.special.gammaincc": "igammac",
    "jax.scipy.special.digamma": "psi",
    "jax.scipy.special.bessel_jn": "bessel_j0 bessel_j1",
    "jax.scipy.special.i0": "modified_bessel_i0",
    "jax.scipy.special.i1": "modified_bessel_i1",
    "jax.scipy.ndimage.map_coordinates": "grid_sample grid_sampler",
    "jax.lax.top_k": "topk",
    "jax.lax.cumlogsumexp": "logcumsumexp",
    "jax.lax.conv_general_dilated_patches": "unfold Unfold",
    "jaxnn.binary_cross_entropy": "BCELoss",
    "jaxnn.binary_cross_entropy_with_logits": "BCEWithLogitsLoss",
}
_RENAMED_OF = {name: path for path, names in _RENAMED.items() for name in names.split()}

# Where a function of the same name may be, by torch's module, first the nearest.
_ARRAYS = ("jax.numpy", "jax.nn", "jax.numpy.linalg", "jax.scipy.special", "jax.scipy.linalg")
_HOMES = {
    "torch": (*_ARRAYS, "jax.lax", "jaxnn"),
    "Tensor": (*_ARRAYS, "jax.lax", "jaxnn"),
    "linalg": ("jax.numpy.linalg", "jax.scipy.linalg", "jax.lax.linalg", "jax.numpy"),
    "special": ("jax.scipy.special", "jax.numpy", "jax.nn"),
    "fft": ("jax.numpy.fft",),
    "func": ("jax",),
    "nn.functional": ("jaxnn", *_ARRAYS),
    "nn.init": ("jaxnn.initializers",),
}


def remedy(owner: str, name: str) -> str:
    """What to do in place of a name of torch's, as a sentence without its end.

    >>> remedy("linalg", "svd")
    'On arrays it is jax.numpy.linalg.svd: jax.numpy.linalg.svd(jnp.asarray(x), ...)'
    """
    if name in _SENTENCE_OF:
        return _SENTENCE_OF[name]
    argument = "tensor" if owner == "Tensor" else "x"
    found = replacement(owner, name)
    if found is None:
        return f"Take the array, jnp.asarray({argument}), and use jax.numpy or jaxnn on it"
    if found.startswith("jaxnn.") and owner in ("nn", "nn.functional") and "loss" in name.lower():
        return f"On arrays it is {found}: {found}(jnp.asarray({argument}), jnp.asarray(target))"
    return f"On arrays it is {found}: {found}(jnp.asarray({argument}), ...)"


@functools.cache
def replacement(owner: str, name: str) -> str | None:
    """The dotted name of JAX's or the core's function for one of torch's; None if there is none."""
    plain = name.removesuffix("_")
    renamed = _RENAMED_OF.get(plain)
    if renamed is not None:
        return renamed
    if owner == "nn":
        return _function_of(name)
    paths = [f"{home}.{plain}" for home in _HOMES.get(owner, ())]
    return next((path for path in paths if callable(resolve(path))), None)


def _function_of(name: str) -> str | None:
    """The core's function for one of torch's classes, such as SmoothL1Loss or BatchNorm2d."""
    functions = (each for each, thing in vars(jaxnn).items() if callable(thing))
    spelled = {each.replace("_", ""): each for each in functions if each.islower()}
    plain = re.sub(r"[1-3]d$", "", name).lower()
    found = spelled.get(plain) or spelled.get(plain.removesuffix("loss"))
    return None if found is None else f"jaxnn.{found}"


def resolve(path: str) -> Any:
    """What a dotted name stands for; None where there is nothing."""
    module, _, name = path.rpartition(".")
    try:
        return getattr(importlib.import_module(module), name, None)
    except ImportError:
        return None


def named() -> list[str]:
    """Every dotted name of JAX's and the core's in the tables."""
    mentioned = re.findall(r"\bjax(?:nn)?(?:\.[a-z_0-9]+)+", " ".join(_SENTENCES))
    return [*mentioned, *_RENAMED]


def remedied() -> set[str]:
    """Every name of torch's in the tables."""
    return {*_SENTENCE_OF, *_RENAMED_OF}
