"""Activation functions, layers and losses on tensors: the core's, under torch's names.

>>> import jaxnn.torch as torch
>>> import jaxnn.torch.nn.functional as F
>>> F.relu(torch.tensor([-1.0, 2.0]))
tensor([0., 2.])
"""

from typing import Any

from jaxnn.torch import lacking
from jaxnn.torch.nn.functional.activations import celu as celu
from jaxnn.torch.nn.functional.activations import celu_ as celu_
from jaxnn.torch.nn.functional.activations import elu as elu
from jaxnn.torch.nn.functional.activations import elu_ as elu_
from jaxnn.torch.nn.functional.activations import gelu as gelu
from jaxnn.torch.nn.functional.activations import glu as glu
from jaxnn.torch.nn.functional.activations import hardshrink as hardshrink
from jaxnn.torch.nn.functional.activations import hardsigmoid as hardsigmoid
from jaxnn.torch.nn.functional.activations import hardswish as hardswish
from jaxnn.torch.nn.functional.activations import hardtanh as hardtanh
from jaxnn.torch.nn.functional.activations import hardtanh_ as hardtanh_
from jaxnn.torch.nn.functional.activations import leaky_relu as leaky_relu
from jaxnn.torch.nn.functional.activations import leaky_relu_ as leaky_relu_
from jaxnn.torch.nn.functional.activations import log_softmax as log_softmax
from jaxnn.torch.nn.functional.activations import logsigmoid as logsigmoid
from jaxnn.torch.nn.functional.activations import mish as mish
from jaxnn.torch.nn.functional.activations import prelu as prelu
from jaxnn.torch.nn.functional.activations import relu as relu
from jaxnn.torch.nn.functional.activations import relu6 as relu6
from jaxnn.torch.nn.functional.activations import relu_ as relu_
from jaxnn.torch.nn.functional.activations import selu as selu
from jaxnn.torch.nn.functional.activations import selu_ as selu_
from jaxnn.torch.nn.functional.activations import sigmoid as sigmoid
from jaxnn.torch.nn.functional.activations import silu as silu
from jaxnn.torch.nn.functional.activations import softmax as softmax
from jaxnn.torch.nn.functional.activations import softmin as softmin
from jaxnn.torch.nn.functional.activations import softplus as softplus
from jaxnn.torch.nn.functional.activations import softshrink as softshrink
from jaxnn.torch.nn.functional.activations import softsign as softsign
from jaxnn.torch.nn.functional.activations import tanh as tanh
from jaxnn.torch.nn.functional.activations import tanhshrink as tanhshrink
from jaxnn.torch.nn.functional.activations import threshold as threshold
from jaxnn.torch.nn.functional.activations import threshold_ as threshold_
from jaxnn.torch.nn.functional.binary import binary_cross_entropy as binary_cross_entropy
from jaxnn.torch.nn.functional.binary import (
    binary_cross_entropy_with_logits as binary_cross_entropy_with_logits,
)
from jaxnn.torch.nn.functional.binary import (
    multilabel_soft_margin_loss as multilabel_soft_margin_loss,
)
from jaxnn.torch.nn.functional.binary import soft_margin_loss as soft_margin_loss
from jaxnn.torch.nn.functional.classification import cross_entropy as cross_entropy
from jaxnn.torch.nn.functional.classification import nll_loss as nll_loss
from jaxnn.torch.nn.functional.distributions import gaussian_nll_loss as gaussian_nll_loss
from jaxnn.torch.nn.functional.distributions import kl_div as kl_div
from jaxnn.torch.nn.functional.distributions import poisson_nll_loss as poisson_nll_loss
from jaxnn.torch.nn.functional.dropouts import alpha_dropout as alpha_dropout
from jaxnn.torch.nn.functional.dropouts import dropout as dropout
from jaxnn.torch.nn.functional.dropouts import dropout1d as dropout1d
from jaxnn.torch.nn.functional.dropouts import dropout2d as dropout2d
from jaxnn.torch.nn.functional.dropouts import dropout3d as dropout3d
from jaxnn.torch.nn.functional.dropouts import feature_alpha_dropout as feature_alpha_dropout
from jaxnn.torch.nn.functional.dropouts import gumbel_softmax as gumbel_softmax
from jaxnn.torch.nn.functional.dropouts import rrelu as rrelu
from jaxnn.torch.nn.functional.embeddings import embedding as embedding
from jaxnn.torch.nn.functional.embeddings import one_hot as one_hot
from jaxnn.torch.nn.functional.margins import hinge_embedding_loss as hinge_embedding_loss
from jaxnn.torch.nn.functional.margins import margin_ranking_loss as margin_ranking_loss
from jaxnn.torch.nn.functional.margins import multi_margin_loss as multi_margin_loss
from jaxnn.torch.nn.functional.margins import multilabel_margin_loss as multilabel_margin_loss
from jaxnn.torch.nn.functional.metric import cosine_embedding_loss as cosine_embedding_loss
from jaxnn.torch.nn.functional.metric import triplet_margin_loss as triplet_margin_loss
from jaxnn.torch.nn.functional.metric import (
    triplet_margin_with_distance_loss as triplet_margin_with_distance_loss,
)
from jaxnn.torch.nn.functional.normalizations import batch_norm as batch_norm
from jaxnn.torch.nn.functional.normalizations import group_norm as group_norm
from jaxnn.torch.nn.functional.normalizations import instance_norm as instance_norm
from jaxnn.torch.nn.functional.normalizations import layer_norm as layer_norm
from jaxnn.torch.nn.functional.normalizations import local_response_norm as local_response_norm
from jaxnn.torch.nn.functional.normalizations import normalize as normalize
from jaxnn.torch.nn.functional.normalizations import rms_norm as rms_norm
from jaxnn.torch.nn.functional.padding import pad as pad
from jaxnn.torch.nn.functional.products import bilinear as bilinear
from jaxnn.torch.nn.functional.products import linear as linear
from jaxnn.torch.nn.functional.products import (
    scaled_dot_product_attention as scaled_dot_product_attention,
)
from jaxnn.torch.nn.functional.regression import huber_loss as huber_loss
from jaxnn.torch.nn.functional.regression import l1_loss as l1_loss
from jaxnn.torch.nn.functional.regression import mse_loss as mse_loss
from jaxnn.torch.nn.functional.regression import smooth_l1_loss as smooth_l1_loss
from jaxnn.torch.nn.functional.sequences import ctc_loss as ctc_loss
from jaxnn.torch.operations.drawing.dropping import rrelu_ as rrelu_
from jaxnn.torch.operations.drawing.shuffling import channel_shuffle as channel_shuffle
from jaxnn.torch.operations.drawing.shuffling import pixel_shuffle as pixel_shuffle
from jaxnn.torch.operations.drawing.shuffling import pixel_unshuffle as pixel_unshuffle
from jaxnn.torch.operations.reductions.similarity import cosine_similarity as cosine_similarity
from jaxnn.torch.operations.reductions.similarity import pairwise_distance as pairwise_distance
from jaxnn.torch.operations.reductions.similarity import pdist as pdist


def __getattr__(name: str) -> Any:
    raise lacking.function("nn.functional", name)
