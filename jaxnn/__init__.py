"""Neural networks as pure JAX functions, with PyTorch's numbers."""

import importlib
from typing import TYPE_CHECKING, Any

from jaxnn import activations as activations
from jaxnn import initializers as initializers
from jaxnn import losses as losses
from jaxnn import normalizations as normalizations
from jaxnn import random as random
from jaxnn.activations import celu as celu
from jaxnn.activations import elu as elu
from jaxnn.activations import gelu as gelu
from jaxnn.activations import glu as glu
from jaxnn.activations import hardshrink as hardshrink
from jaxnn.activations import hardsigmoid as hardsigmoid
from jaxnn.activations import hardswish as hardswish
from jaxnn.activations import hardtanh as hardtanh
from jaxnn.activations import identity as identity
from jaxnn.activations import leaky_relu as leaky_relu
from jaxnn.activations import log_softmax as log_softmax
from jaxnn.activations import logsigmoid as logsigmoid
from jaxnn.activations import mish as mish
from jaxnn.activations import prelu as prelu
from jaxnn.activations import relu as relu
from jaxnn.activations import relu6 as relu6
from jaxnn.activations import selu as selu
from jaxnn.activations import sigmoid as sigmoid
from jaxnn.activations import silu as silu
from jaxnn.activations import softmax as softmax
from jaxnn.activations import softmin as softmin
from jaxnn.activations import softplus as softplus
from jaxnn.activations import softshrink as softshrink
from jaxnn.activations import softsign as softsign
from jaxnn.activations import tanh as tanh
from jaxnn.activations import tanhshrink as tanhshrink
from jaxnn.activations import threshold as threshold
from jaxnn.attention import attention_weights as attention_weights
from jaxnn.attention import scaled_dot_product_attention as scaled_dot_product_attention
from jaxnn.distances import cosine_similarity as cosine_similarity
from jaxnn.distances import normalize as normalize
from jaxnn.distances import pairwise_distance as pairwise_distance
from jaxnn.distances import pdist as pdist
from jaxnn.dropouts import alpha_dropout as alpha_dropout
from jaxnn.dropouts import dropout as dropout
from jaxnn.dropouts import feature_alpha_dropout as feature_alpha_dropout
from jaxnn.dropouts import feature_dropout as feature_dropout
from jaxnn.embeddings import embedding as embedding
from jaxnn.embeddings import one_hot as one_hot
from jaxnn.layers import Dense as Dense
from jaxnn.layers import dense as dense
from jaxnn.layers import init_dense as init_dense
from jaxnn.losses import accuracy as accuracy
from jaxnn.losses import binary_cross_entropy as binary_cross_entropy
from jaxnn.losses import binary_cross_entropy_with_logits as binary_cross_entropy_with_logits
from jaxnn.losses import cosine_embedding_loss as cosine_embedding_loss
from jaxnn.losses import cross_entropy as cross_entropy
from jaxnn.losses import ctc_loss as ctc_loss
from jaxnn.losses import gaussian_nll_loss as gaussian_nll_loss
from jaxnn.losses import hinge_embedding_loss as hinge_embedding_loss
from jaxnn.losses import huber_loss as huber_loss
from jaxnn.losses import kl_div as kl_div
from jaxnn.losses import l1_loss as l1_loss
from jaxnn.losses import margin_ranking_loss as margin_ranking_loss
from jaxnn.losses import mse_loss as mse_loss
from jaxnn.losses import multi_margin_loss as multi_margin_loss
from jaxnn.losses import multilabel_margin_loss as multilabel_margin_loss
from jaxnn.losses import multilabel_soft_margin_loss as multilabel_soft_margin_loss
from jaxnn.losses import nll_loss as nll_loss
from jaxnn.losses import poisson_nll_loss as poisson_nll_loss
from jaxnn.losses import smooth_l1_loss as smooth_l1_loss
from jaxnn.losses import soft_margin_loss as soft_margin_loss
from jaxnn.losses import triplet_margin_loss as triplet_margin_loss
from jaxnn.losses import triplet_margin_with_distance_loss as triplet_margin_with_distance_loss
from jaxnn.mixed_precision import mixed_precision as mixed_precision
from jaxnn.mlp import init_mlp as init_mlp
from jaxnn.mlp import mlp as mlp
from jaxnn.normalizations import Statistics as Statistics
from jaxnn.normalizations import batch_norm as batch_norm
from jaxnn.normalizations import group_norm as group_norm
from jaxnn.normalizations import instance_norm as instance_norm
from jaxnn.normalizations import layer_norm as layer_norm
from jaxnn.normalizations import local_response_norm as local_response_norm
from jaxnn.normalizations import rms_norm as rms_norm
from jaxnn.parameters.attention import init_multihead_attention as init_multihead_attention
from jaxnn.parameters.attention import (
    init_transformer_encoder_layer as init_transformer_encoder_layer,
)
from jaxnn.parameters.convolution import Conv as Conv
from jaxnn.parameters.convolution import init_conv as init_conv
from jaxnn.parameters.convolution import init_conv_transpose as init_conv_transpose
from jaxnn.parameters.embedding import init_embedding as init_embedding
from jaxnn.parameters.recurrent import init_gru as init_gru
from jaxnn.parameters.recurrent import init_lstm as init_lstm
from jaxnn.parameters.recurrent import init_rnn as init_rnn

if TYPE_CHECKING:
    from jaxnn import benchmark as benchmark
    from jaxnn import checkpoint as checkpoint
    from jaxnn import data as data
    from jaxnn import optim as optim
    from jaxnn import plot as plot
    from jaxnn import torch as torch
    from jaxnn import training as training
    from jaxnn.training import FitResult as FitResult
    from jaxnn.training import evaluate as evaluate
    from jaxnn.training import fit as fit

# Imported when first used, so that `import jaxnn` needs no extra and takes no time for them.
_LAZY_NAMES = dict.fromkeys(("FitResult", "evaluate", "fit"), "training")
_LAZY_MODULES = ("benchmark", "checkpoint", "data", "optim", "plot", "torch", "training")
_EXTRAS = {"checkpoint": "interop", "optim": "train", "plot": "plot", "training": "train"}


def __getattr__(name: str) -> Any:
    if name in _LAZY_MODULES:
        return _import(name)
    if name in _LAZY_NAMES:
        return getattr(_import(_LAZY_NAMES[name]), name)
    raise AttributeError(f"module 'jaxnn' has no attribute {name!r}")


def _import(module: str) -> Any:
    try:
        return importlib.import_module(f"jaxnn.{module}")
    except ModuleNotFoundError as error:
        if module in _EXTRAS:
            error.add_note(f'jaxnn.{module} needs more: pip install "jaxnn[{_EXTRAS[module]}]"')
        raise


def __dir__() -> list[str]:
    return sorted({*globals(), *_LAZY_NAMES, *_LAZY_MODULES})
