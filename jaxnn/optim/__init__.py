"""Optimizers that step as torch's do, as optax transformations; schedules; clipping.

They take torch's hyper-parameters by torch's names. Each may be chained with, or replaced by, any
other optax transformation. What in torch only says how to compute (``foreach``, ``fused``,
``capturable``, ``differentiable``) is left out: a compiled step is one program, and differentiable.

Every number may also be traced, or a schedule: many learning rates at once are one `jax.vmap`, and
``optax.inject_hyperparams`` keeps them in the state. Only Python's 0 leaves its part out, such as
the buffer of a momentum. nan is refused.

Torch's groups of parameters are ``optax.partition``. Its ``ReduceLROnPlateau(factor, patience)``
is ``optax.contrib.reduce_on_plateau(factor, patience + 1)``, chained after the optimizer, whose
``update`` is then to be given ``value=loss``.

Complex parameters step as torch's, which are pairs of real ones. Torch's gradient is the conjugate
of that of `jax.grad`: ``jax.tree.map(jnp.conj, gradients)``.

Examples:
    >>> import jax, optax
    >>> import jax.numpy as jnp
    >>> from jaxnn import optim
    >>> rate = optim.cosine_annealing_lr(0.1, T_max=100)
    >>> optimizer = optax.chain(optim.clip_grad_norm(1.0), optim.sgd(lr=rate, momentum=0.9))

    Many learning rates at once:

    >>> params = jnp.array([1.0, -2.0])
    >>> def stepped(lr):
    ...     optimizer = optim.sgd(lr)
    ...     return params + optimizer.update(params, optimizer.init(params), params)[0]
    >>> jax.vmap(stepped)(jnp.array([0.5, 0.25]))
    Array([[ 0.5 , -1.  ],
           [ 0.75, -1.5 ]], dtype=float32)

    Weight decay for kernels, and not for biases:

    >>> groups = {"kernels": optim.adamw(1e-3), "rest": optim.adamw(1e-3, weight_decay=0.0)}
    >>> def group(param):
    ...     return "kernels" if param.ndim > 1 else "rest"
    >>> optimizer = optax.partition(groups, lambda params: jax.tree.map(group, params))
"""

from jaxnn.optim.adaptive import adam as adam
from jaxnn.optim.adaptive import adamw as adamw
from jaxnn.optim.adaptive import nadam as nadam
from jaxnn.optim.clipping import clip_grad_norm as clip_grad_norm
from jaxnn.optim.clipping import clip_grad_value as clip_grad_value
from jaxnn.optim.descent import sgd as sgd
from jaxnn.optim.reading import from_state_dict as from_state_dict
from jaxnn.optim.schedules import Schedule as Schedule
from jaxnn.optim.schedules import constant_lr as constant_lr
from jaxnn.optim.schedules import cosine_annealing_lr as cosine_annealing_lr
from jaxnn.optim.schedules import (
    cosine_annealing_warm_restarts as cosine_annealing_warm_restarts,
)
from jaxnn.optim.schedules import every as every
from jaxnn.optim.schedules import exponential_lr as exponential_lr
from jaxnn.optim.schedules import lambda_lr as lambda_lr
from jaxnn.optim.schedules import linear_lr as linear_lr
from jaxnn.optim.schedules import multi_step_lr as multi_step_lr
from jaxnn.optim.schedules import one_cycle_lr as one_cycle_lr
from jaxnn.optim.schedules import one_cycle_momentum as one_cycle_momentum
from jaxnn.optim.schedules import polynomial_lr as polynomial_lr
from jaxnn.optim.schedules import sequential_lr as sequential_lr
from jaxnn.optim.schedules import step_lr as step_lr
from jaxnn.optim.squares import adadelta as adadelta
from jaxnn.optim.squares import adagrad as adagrad
from jaxnn.optim.squares import rmsprop as rmsprop
from jaxnn.optim.stepping import Optimizer as Optimizer
from jaxnn.optim.stepping import State as State
from jaxnn.optim.writing import to_state_dict as to_state_dict

for _public in (
    Optimizer,
    State,
    adadelta,
    adagrad,
    adam,
    adamw,
    clip_grad_norm,
    clip_grad_value,
    constant_lr,
    cosine_annealing_lr,
    cosine_annealing_warm_restarts,
    every,
    exponential_lr,
    from_state_dict,
    lambda_lr,
    linear_lr,
    multi_step_lr,
    nadam,
    one_cycle_lr,
    one_cycle_momentum,
    polynomial_lr,
    rmsprop,
    sequential_lr,
    sgd,
    step_lr,
    to_state_dict,
):
    _public.__module__ = __name__  # where users find it, whatever file it stands in
