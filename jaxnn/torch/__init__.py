"""PyTorch's tensors over JAX: ``import jaxnn.torch as torch``.

The same program gives the same digits and prints the same characters. Tensors are mutable, views
share storage, there is a default generator, and errors are torch's. What torch has and this module
lacks raises ``NotImplementedError`` with the way to do it in JAX.

>>> import jaxnn.torch as torch
>>> torch.tensor([[1, 2], [3, 4]]).T
tensor([[1, 3],
        [2, 4]])
"""

import math
from typing import Any

from jaxnn.torch import cuda as cuda
from jaxnn.torch import func as func
from jaxnn.torch import lacking
from jaxnn.torch import nn as nn
from jaxnn.torch import random as random
from jaxnn.torch.devices import device as device
from jaxnn.torch.dtypes import bfloat16 as bfloat16
from jaxnn.torch.dtypes import bool as bool
from jaxnn.torch.dtypes import cdouble as cdouble
from jaxnn.torch.dtypes import cfloat as cfloat
from jaxnn.torch.dtypes import complex64 as complex64
from jaxnn.torch.dtypes import complex128 as complex128
from jaxnn.torch.dtypes import double as double
from jaxnn.torch.dtypes import dtype as dtype
from jaxnn.torch.dtypes import float as float
from jaxnn.torch.dtypes import float16 as float16
from jaxnn.torch.dtypes import float32 as float32
from jaxnn.torch.dtypes import float64 as float64
from jaxnn.torch.dtypes import get_default_dtype as get_default_dtype
from jaxnn.torch.dtypes import half as half
from jaxnn.torch.dtypes import int as int
from jaxnn.torch.dtypes import int8 as int8
from jaxnn.torch.dtypes import int16 as int16
from jaxnn.torch.dtypes import int32 as int32
from jaxnn.torch.dtypes import int64 as int64
from jaxnn.torch.dtypes import long as long
from jaxnn.torch.dtypes import set_default_dtype as set_default_dtype
from jaxnn.torch.dtypes import short as short
from jaxnn.torch.dtypes import uint8 as uint8
from jaxnn.torch.dtypes import uint16 as uint16
from jaxnn.torch.dtypes import uint32 as uint32
from jaxnn.torch.dtypes import uint64 as uint64
from jaxnn.torch.formats import channels_last as channels_last
from jaxnn.torch.formats import channels_last_3d as channels_last_3d
from jaxnn.torch.formats import contiguous_format as contiguous_format
from jaxnn.torch.formats import memory_format as memory_format
from jaxnn.torch.formats import preserve_format as preserve_format
from jaxnn.torch.formats import strided as strided
from jaxnn.torch.generator import Generator as Generator
from jaxnn.torch.generator import default_generator as default_generator
from jaxnn.torch.gradients import inference_mode as inference_mode
from jaxnn.torch.gradients import no_grad as no_grad
from jaxnn.torch.limits import finfo as finfo
from jaxnn.torch.limits import iinfo as iinfo
from jaxnn.torch.operations.activation import log_softmax as log_softmax
from jaxnn.torch.operations.activation import relu as relu
from jaxnn.torch.operations.activation import sigmoid as sigmoid
from jaxnn.torch.operations.activation import softmax as softmax
from jaxnn.torch.operations.arithmetic import add as add
from jaxnn.torch.operations.arithmetic import atan2 as atan2
from jaxnn.torch.operations.arithmetic import copysign as copysign
from jaxnn.torch.operations.arithmetic import div as div
from jaxnn.torch.operations.arithmetic import floor_divide as floor_divide
from jaxnn.torch.operations.arithmetic import fmax as fmax
from jaxnn.torch.operations.arithmetic import fmin as fmin
from jaxnn.torch.operations.arithmetic import fmod as fmod
from jaxnn.torch.operations.arithmetic import hypot as hypot
from jaxnn.torch.operations.arithmetic import logaddexp as logaddexp
from jaxnn.torch.operations.arithmetic import maximum as maximum
from jaxnn.torch.operations.arithmetic import minimum as minimum
from jaxnn.torch.operations.arithmetic import mul as mul
from jaxnn.torch.operations.arithmetic import neg as neg
from jaxnn.torch.operations.arithmetic import pow as pow
from jaxnn.torch.operations.arithmetic import remainder as remainder
from jaxnn.torch.operations.arithmetic import sub as sub
from jaxnn.torch.operations.choosing import multinomial as multinomial
from jaxnn.torch.operations.conversion import as_tensor as as_tensor
from jaxnn.torch.operations.conversion import from_numpy as from_numpy
from jaxnn.torch.operations.conversion import tensor as tensor
from jaxnn.torch.operations.creation import arange as arange
from jaxnn.torch.operations.creation import empty as empty
from jaxnn.torch.operations.creation import empty_like as empty_like
from jaxnn.torch.operations.creation import eye as eye
from jaxnn.torch.operations.creation import full as full
from jaxnn.torch.operations.creation import full_like as full_like
from jaxnn.torch.operations.creation import linspace as linspace
from jaxnn.torch.operations.creation import ones as ones
from jaxnn.torch.operations.creation import ones_like as ones_like
from jaxnn.torch.operations.creation import zeros as zeros
from jaxnn.torch.operations.creation import zeros_like as zeros_like
from jaxnn.torch.operations.dropping import alpha_dropout as alpha_dropout
from jaxnn.torch.operations.dropping import alpha_dropout_ as alpha_dropout_
from jaxnn.torch.operations.dropping import dropout as dropout
from jaxnn.torch.operations.dropping import dropout_ as dropout_
from jaxnn.torch.operations.dropping import feature_alpha_dropout as feature_alpha_dropout
from jaxnn.torch.operations.dropping import feature_alpha_dropout_ as feature_alpha_dropout_
from jaxnn.torch.operations.dropping import feature_dropout as feature_dropout
from jaxnn.torch.operations.dropping import feature_dropout_ as feature_dropout_
from jaxnn.torch.operations.dropping import rrelu as rrelu
from jaxnn.torch.operations.dropping import rrelu_ as rrelu_
from jaxnn.torch.operations.filling import allclose as allclose
from jaxnn.torch.operations.filling import equal as equal
from jaxnn.torch.operations.filling import isclose as isclose
from jaxnn.torch.operations.flipping import flip as flip
from jaxnn.torch.operations.gathering import gather as gather
from jaxnn.torch.operations.gathering import index_select as index_select
from jaxnn.torch.operations.gathering import masked_select as masked_select
from jaxnn.torch.operations.gathering import nonzero as nonzero
from jaxnn.torch.operations.gathering import scatter as scatter
from jaxnn.torch.operations.gathering import scatter_add as scatter_add
from jaxnn.torch.operations.joining import cat as cat
from jaxnn.torch.operations.joining import concat as concat
from jaxnn.torch.operations.joining import concatenate as concatenate
from jaxnn.torch.operations.joining import stack as stack
from jaxnn.torch.operations.logic import bitwise_and as bitwise_and
from jaxnn.torch.operations.logic import bitwise_left_shift as bitwise_left_shift
from jaxnn.torch.operations.logic import bitwise_not as bitwise_not
from jaxnn.torch.operations.logic import bitwise_or as bitwise_or
from jaxnn.torch.operations.logic import bitwise_right_shift as bitwise_right_shift
from jaxnn.torch.operations.logic import bitwise_xor as bitwise_xor
from jaxnn.torch.operations.logic import eq as eq
from jaxnn.torch.operations.logic import ge as ge
from jaxnn.torch.operations.logic import gt as gt
from jaxnn.torch.operations.logic import le as le
from jaxnn.torch.operations.logic import logical_and as logical_and
from jaxnn.torch.operations.logic import logical_or as logical_or
from jaxnn.torch.operations.logic import logical_xor as logical_xor
from jaxnn.torch.operations.logic import lt as lt
from jaxnn.torch.operations.logic import ne as ne
from jaxnn.torch.operations.matmul import addmm as addmm
from jaxnn.torch.operations.matmul import bmm as bmm
from jaxnn.torch.operations.matmul import dot as dot
from jaxnn.torch.operations.matmul import matmul as matmul
from jaxnn.torch.operations.matmul import mm as mm
from jaxnn.torch.operations.matmul import mv as mv
from jaxnn.torch.operations.matmul import outer as outer
from jaxnn.torch.operations.normals import normal as normal
from jaxnn.torch.operations.pointwise import abs as abs
from jaxnn.torch.operations.pointwise import acos as acos
from jaxnn.torch.operations.pointwise import acosh as acosh
from jaxnn.torch.operations.pointwise import asin as asin
from jaxnn.torch.operations.pointwise import asinh as asinh
from jaxnn.torch.operations.pointwise import atan as atan
from jaxnn.torch.operations.pointwise import atanh as atanh
from jaxnn.torch.operations.pointwise import ceil as ceil
from jaxnn.torch.operations.pointwise import cos as cos
from jaxnn.torch.operations.pointwise import cosh as cosh
from jaxnn.torch.operations.pointwise import digamma as digamma
from jaxnn.torch.operations.pointwise import erf as erf
from jaxnn.torch.operations.pointwise import erfc as erfc
from jaxnn.torch.operations.pointwise import erfinv as erfinv
from jaxnn.torch.operations.pointwise import exp as exp
from jaxnn.torch.operations.pointwise import exp2 as exp2
from jaxnn.torch.operations.pointwise import expm1 as expm1
from jaxnn.torch.operations.pointwise import floor as floor
from jaxnn.torch.operations.pointwise import frac as frac
from jaxnn.torch.operations.pointwise import isfinite as isfinite
from jaxnn.torch.operations.pointwise import isinf as isinf
from jaxnn.torch.operations.pointwise import isnan as isnan
from jaxnn.torch.operations.pointwise import lgamma as lgamma
from jaxnn.torch.operations.pointwise import log as log
from jaxnn.torch.operations.pointwise import log1p as log1p
from jaxnn.torch.operations.pointwise import log2 as log2
from jaxnn.torch.operations.pointwise import log10 as log10
from jaxnn.torch.operations.pointwise import logical_not as logical_not
from jaxnn.torch.operations.pointwise import positive as positive
from jaxnn.torch.operations.pointwise import reciprocal as reciprocal
from jaxnn.torch.operations.pointwise import round as round
from jaxnn.torch.operations.pointwise import rsqrt as rsqrt
from jaxnn.torch.operations.pointwise import sign as sign
from jaxnn.torch.operations.pointwise import sin as sin
from jaxnn.torch.operations.pointwise import sinh as sinh
from jaxnn.torch.operations.pointwise import sqrt as sqrt
from jaxnn.torch.operations.pointwise import square as square
from jaxnn.torch.operations.pointwise import tan as tan
from jaxnn.torch.operations.pointwise import tanh as tanh
from jaxnn.torch.operations.pointwise import trunc as trunc
from jaxnn.torch.operations.reading import is_complex as is_complex
from jaxnn.torch.operations.reading import is_floating_point as is_floating_point
from jaxnn.torch.operations.reading import is_tensor as is_tensor
from jaxnn.torch.operations.reading import numel as numel
from jaxnn.torch.operations.reductions import all as all
from jaxnn.torch.operations.reductions import amax as amax
from jaxnn.torch.operations.reductions import amin as amin
from jaxnn.torch.operations.reductions import any as any
from jaxnn.torch.operations.reductions import argmax as argmax
from jaxnn.torch.operations.reductions import argmin as argmin
from jaxnn.torch.operations.reductions import cumprod as cumprod
from jaxnn.torch.operations.reductions import cumsum as cumsum
from jaxnn.torch.operations.reductions import logsumexp as logsumexp
from jaxnn.torch.operations.reductions import max as max
from jaxnn.torch.operations.reductions import mean as mean
from jaxnn.torch.operations.reductions import min as min
from jaxnn.torch.operations.reductions import prod as prod
from jaxnn.torch.operations.reductions import std as std
from jaxnn.torch.operations.reductions import sum as sum
from jaxnn.torch.operations.reductions import var as var
from jaxnn.torch.operations.sampling import rand as rand
from jaxnn.torch.operations.sampling import rand_like as rand_like
from jaxnn.torch.operations.sampling import randint as randint
from jaxnn.torch.operations.sampling import randint_like as randint_like
from jaxnn.torch.operations.sampling import randn as randn
from jaxnn.torch.operations.sampling import randn_like as randn_like
from jaxnn.torch.operations.sampling import randperm as randperm
from jaxnn.torch.operations.selection import addcdiv as addcdiv
from jaxnn.torch.operations.selection import addcmul as addcmul
from jaxnn.torch.operations.selection import clamp as clamp
from jaxnn.torch.operations.selection import clamp_max as clamp_max
from jaxnn.torch.operations.selection import clamp_min as clamp_min
from jaxnn.torch.operations.selection import lerp as lerp
from jaxnn.torch.operations.selection import masked_fill as masked_fill
from jaxnn.torch.operations.selection import where as where
from jaxnn.torch.operations.viewing import as_strided as as_strided
from jaxnn.torch.operations.viewing import chunk as chunk
from jaxnn.torch.operations.viewing import clone as clone
from jaxnn.torch.operations.viewing import detach as detach
from jaxnn.torch.operations.viewing import diagonal as diagonal
from jaxnn.torch.operations.viewing import flatten as flatten
from jaxnn.torch.operations.viewing import movedim as movedim
from jaxnn.torch.operations.viewing import narrow as narrow
from jaxnn.torch.operations.viewing import permute as permute
from jaxnn.torch.operations.viewing import ravel as ravel
from jaxnn.torch.operations.viewing import reshape as reshape
from jaxnn.torch.operations.viewing import select as select
from jaxnn.torch.operations.viewing import split as split
from jaxnn.torch.operations.viewing import squeeze as squeeze
from jaxnn.torch.operations.viewing import swapaxes as swapaxes
from jaxnn.torch.operations.viewing import swapdims as swapdims
from jaxnn.torch.operations.viewing import t as t
from jaxnn.torch.operations.viewing import transpose as transpose
from jaxnn.torch.operations.viewing import unbind as unbind
from jaxnn.torch.operations.viewing import unflatten as unflatten
from jaxnn.torch.operations.viewing import unsqueeze as unsqueeze
from jaxnn.torch.operations.weighing import _sample_dirichlet as _sample_dirichlet
from jaxnn.torch.operations.weighing import _standard_gamma as _standard_gamma
from jaxnn.torch.operations.weighing import bernoulli as bernoulli
from jaxnn.torch.operations.weighing import binomial as binomial
from jaxnn.torch.operations.weighing import poisson as poisson
from jaxnn.torch.print_options import set_printoptions as set_printoptions
from jaxnn.torch.random import get_rng_state as get_rng_state
from jaxnn.torch.random import initial_seed as initial_seed
from jaxnn.torch.random import manual_seed as manual_seed
from jaxnn.torch.random import seed as seed
from jaxnn.torch.random import set_rng_state as set_rng_state
from jaxnn.torch.size import Size as Size
from jaxnn.torch.tensor import Tensor as Tensor

#: The release of torch whose digits and texts these are, and whose they are not.
__version__ = "2.13.0+jaxnn"

pi, e, inf, nan = math.pi, math.e, math.inf, math.nan
newaxis = None


def __getattr__(name: str) -> Any:
    if name.endswith("_") and name in lacking.torch_names("torch") and hasattr(Tensor, name):
        return getattr(Tensor, name)  # torch.exp_(x) is x.exp_()
    raise lacking.function("torch", name)
