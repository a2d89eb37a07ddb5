"""Learning rates that change with the steps, as torch's schedulers change them.

A schedule is a function of the number of steps made so far, which every optimizer here takes in
place of a number: ``sgd(lr=step_lr(0.1, step_size=30))``. It counts optimizer steps; where torch's
script calls ``scheduler.step()`` once an epoch, `every` slows it down to epochs.
"""

from jaxnn.optim.schedules.combining import every as every
from jaxnn.optim.schedules.combining import lambda_lr as lambda_lr
from jaxnn.optim.schedules.combining import sequential_lr as sequential_lr
from jaxnn.optim.schedules.cosines import cosine_annealing_lr as cosine_annealing_lr
from jaxnn.optim.schedules.cosines import (
    cosine_annealing_warm_restarts as cosine_annealing_warm_restarts,
)
from jaxnn.optim.schedules.decays import constant_lr as constant_lr
from jaxnn.optim.schedules.decays import exponential_lr as exponential_lr
from jaxnn.optim.schedules.decays import linear_lr as linear_lr
from jaxnn.optim.schedules.decays import multi_step_lr as multi_step_lr
from jaxnn.optim.schedules.decays import polynomial_lr as polynomial_lr
from jaxnn.optim.schedules.decays import step_lr as step_lr
from jaxnn.optim.schedules.one_cycle import one_cycle_lr as one_cycle_lr
from jaxnn.optim.schedules.one_cycle import one_cycle_momentum as one_cycle_momentum
from jaxnn.optim.schedules.schedule import Schedule as Schedule
