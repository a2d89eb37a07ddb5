"""Normalizations: numbers shifted and scaled to mean 0 and variance 1, over one axis or another."""

from jaxnn.normalizations._batch import Statistics as Statistics
from jaxnn.normalizations._batch import batch_norm as batch_norm
from jaxnn.normalizations._channels import group_norm as group_norm
from jaxnn.normalizations._channels import instance_norm as instance_norm
from jaxnn.normalizations._channels import local_response_norm as local_response_norm
from jaxnn.normalizations._layer import layer_norm as layer_norm
from jaxnn.normalizations._layer import rms_norm as rms_norm
