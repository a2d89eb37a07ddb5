"""What is measured after each epoch, which was the best one, and whether to go on."""

import functools
from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from jaxnn.evaluation import call, evaluate, is_stream
from jaxnn.training.course import Best, Course
from jaxnn.training.results import Progress
from jaxnn.training.settings import Settings
from jaxnn.training.sources import gone_through
from jaxnn.training.steps import Carry, Run


def end_epoch(settings: Settings, course: Course) -> None:
    """Measure, compare with the best, and tell the callbacks."""
    losses = course.of_epoch()
    course.epoch, course.made = course.epoch + 1, 0
    measured = measure(settings, course.carry)
    course.measured.append(measured)
    if _has_batches(settings.validation):
        course.carry = gone_through(settings.run, course.carry, settings.validation)
    _compare(settings, course, measured)
    params = _lasting(settings, course.carry)
    told = Progress(
        course.epoch - 1, course.step, losses, measured, params, course.carry.statistics
    )
    answers = [callback(told) for callback in settings.callbacks]
    if True in answers:
        course.stopped = f"a callback stopped it after epoch {told.epoch}"
    patience = settings.early_stopping
    if patience is not None and course.best and told.epoch - course.best.epoch >= patience:
        course.stopped = f"no better epoch in {patience} after epoch {course.best.epoch}"


def check_measure(settings: Settings, carry: Carry) -> None:
    """Trace the loss as it is measured on arrays, to find mistakes in it before the first epoch."""
    validation = settings.validation
    if not (validation is None or callable(validation) or _has_batches(validation)):
        measure = functools.partial(evaluate, _measure_of(settings.run))
        jax.eval_shape(measure, _state(settings, carry), validation)


def measure(settings: Settings, carry: Carry) -> Any:
    """What ``validation`` gives now."""
    validation = settings.validation
    if validation is None:
        return None
    if callable(validation):
        statistics = (carry.statistics,) * settings.run.has_statistics
        return validation(_lasting(settings, carry), *statistics)
    state = _state(settings, carry)
    return jax.device_get(evaluate(_measure_of(settings.run), state, validation))


def _has_batches(validation: Any) -> bool:
    return not callable(validation) and is_stream(validation)


def _state(settings: Settings, carry: Carry) -> Any:
    """What the measure takes first."""
    return (carry.params, carry.statistics) if settings.run.has_statistics else carry.params


def _lasting(settings: Settings, carry: Carry) -> Any:
    """The parameters, to be kept: without `recover` the next step takes their memory."""
    return carry.params if settings.recover else _copy(carry.params)


def _compare(settings: Settings, course: Course, measured: Any) -> None:
    if measured is None or settings.run.networks is not None:
        return
    value = _monitored(measured, settings.monitor)
    if value is not None and (course.best is None or value < course.best.value):
        course.best = Best(value, course.epoch - 1, _lasting(settings, course.carry))


def _monitored(measured: Any, monitor: Callable[[Any], float] | None) -> float | None:
    """The number that decides which epoch is best, or None where there is none."""
    if monitor is not None:
        return float(monitor(measured))
    if isinstance(measured, dict):
        measured = measured.get("loss")
    return float(measured) if measured is not None and np.ndim(measured) == 0 else None


@functools.lru_cache(maxsize=64)
def _measure_of(run: Run) -> Callable[..., Any]:
    """The loss as `evaluate` takes a measure: one function for each run, compiled once."""
    if run.networks is None and not run.has_statistics:
        return run.loss

    def measure(state: Any, x: Any, y: Any) -> Any:
        if not run.has_statistics:
            return call(run.loss, (state,), (x, y), None)
        return call(run.loss, state, (x, y), None)[0]

    if run.networks is None:
        return measure
    return lambda state, x, y: jax.vmap(measure, in_axes=(0, None, None))(state, x, y)


@jax.jit
def _copy(tree: Any) -> Any:
    return jax.tree.map(jnp.array, tree)
