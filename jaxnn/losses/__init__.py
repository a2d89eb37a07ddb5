"""Losses, named as in ``torch.nn.functional``, and the accuracy.

Each takes predictions and targets, and ``reduction``: "mean", "sum" or "none". Values and
gradients are torch's, in the dtype of the first argument; where a loss has a kink, the derivative
there is the one that torch chose. Shapes are not broadcast: what does not fit is an error.
"""

from jaxnn.losses._binary import binary_cross_entropy as binary_cross_entropy
from jaxnn.losses._binary import (
    binary_cross_entropy_with_logits as binary_cross_entropy_with_logits,
)
from jaxnn.losses._binary import multilabel_soft_margin_loss as multilabel_soft_margin_loss
from jaxnn.losses._binary import soft_margin_loss as soft_margin_loss
from jaxnn.losses._classification import accuracy as accuracy
from jaxnn.losses._classification import cross_entropy as cross_entropy
from jaxnn.losses._classification import nll_loss as nll_loss
from jaxnn.losses._ctc import ctc_loss as ctc_loss
from jaxnn.losses._distributions import gaussian_nll_loss as gaussian_nll_loss
from jaxnn.losses._distributions import kl_div as kl_div
from jaxnn.losses._distributions import poisson_nll_loss as poisson_nll_loss
from jaxnn.losses._margins import hinge_embedding_loss as hinge_embedding_loss
from jaxnn.losses._margins import margin_ranking_loss as margin_ranking_loss
from jaxnn.losses._margins import multi_margin_loss as multi_margin_loss
from jaxnn.losses._margins import multilabel_margin_loss as multilabel_margin_loss
from jaxnn.losses._metric import cosine_embedding_loss as cosine_embedding_loss
from jaxnn.losses._metric import triplet_margin_loss as triplet_margin_loss
from jaxnn.losses._metric import (
    triplet_margin_with_distance_loss as triplet_margin_with_distance_loss,
)
from jaxnn.losses._regression import huber_loss as huber_loss
from jaxnn.losses._regression import l1_loss as l1_loss
from jaxnn.losses._regression import mse_loss as mse_loss
from jaxnn.losses._regression import smooth_l1_loss as smooth_l1_loss
