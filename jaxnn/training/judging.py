"""What is measured after each epoch, which was the best one, and whether to go on."""

import functools
import math
from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from jaxnn._checks import complaint
from jaxnn.evaluation import call, evaluate, is_stream, trace
from jaxnn.training.course import Best, Course, Stop
from jaxnn.training.interrupts import Interrupts
from jaxnn.training.results import Progress
from jaxnn.training.saving import check_types
from jaxnn.training.settings import Settings
from jaxnn.training.sources import gone_through
from jaxnn.training.steps import Carry, Run


def end_epoch(settings: Settings, course: Course, interrupts: Interrupts) -> None:
    """Measure, compare with the best, and tell the callbacks: all of it, or the epoch goes on."""
    with interrupts.breakable():
        carry = lasting(settings, course.carry)
        measured = measure(settings, carry)
        check_alike(places(course.measured[0]) if course.measured else None, measured)
        if settings.checkpoint is not None:
            check_types("validation", measured)
        best = _better(settings, course, measured, carry.params)
        shown = course.of_epoch(), measured, carry.params, carry.statistics
        told = Progress(course.epoch, course.step, *shown)
        answers = [callback(told) for callback in settings.callbacks]
    course.epoch, course.made, course.best = course.epoch + 1, 0, best
    course.measured.append(measured)
    if _has_batches(settings.validation):
        course.carry = gone_through(settings.run, course.carry, settings.validation)
    if any(map(_is_true, answers)):
        course.stop = Stop("callback", f"a callback stopped it after epoch {told.epoch}")
    course.stop = out_of_patience(settings, course) or course.stop


def _is_true(answer: Any) -> bool:
    """Whether it is True itself, of Python, NumPy or JAX, and not what counts as true."""
    is_truth = isinstance(answer, bool) or getattr(answer, "dtype", None) == np.bool_
    return is_truth and np.shape(answer) == () and bool(answer)


def out_of_patience(settings: Settings, course: Course) -> Stop | None:
    """Whether `early_stopping` ends the training here."""
    patience, best = settings.early_stopping, course.best
    if patience is None or course.epoch - (best.epoch + 1 if best else 0) < patience:
        return None
    if best is None:
        return Stop("patience", f"what was measured was nan for {patience} epochs")
    return Stop("patience", f"no better epoch in {patience} after epoch {best.epoch}")


def check_alike(first: str | None, measured: Any) -> None:
    """Refuse what cannot stand in one history with what was measured first, with a ValueError."""
    came = places(measured)
    if first is not None and came != first:
        must = f"validation must return in every epoch what it did in the first, {first or None}"
        instead = "return the same names and shapes"
        raise ValueError(complaint("fit", must, came or "None", instead))


def places(measured: Any) -> str:
    """The names and shapes in what was measured."""
    found = jax.tree.leaves_with_path(measured)
    return ", ".join(f"{jax.tree_util.keystr(path)}{np.shape(leaf)}" for path, leaf in found)


def check_measure(settings: Settings, carry: Carry) -> None:
    """Trace the loss as it is measured on arrays, to find mistakes in it before the first epoch."""
    validation = settings.validation
    if not (validation is None or callable(validation) or _has_batches(validation)):
        trace(_measure_of(settings.run), _state(settings, carry), validation)


def measure(settings: Settings, carry: Carry) -> Any:
    """What ``validation`` gives for a carry that may be kept."""
    validation = settings.validation
    if validation is None:
        return None
    if callable(validation):
        statistics = (carry.statistics,) * settings.run.has_statistics
        return jax.device_get(validation(carry.params, *statistics))
    state = _state(settings, carry)
    return jax.device_get(evaluate(_measure_of(settings.run), state, validation))


def _has_batches(validation: Any) -> bool:
    return not callable(validation) and is_stream(validation)


def _state(settings: Settings, carry: Carry) -> Any:
    """What the measure takes first."""
    return (carry.params, carry.statistics) if settings.run.has_statistics else carry.params


def lasting(settings: Settings, carry: Carry) -> Carry:
    """One whose parameters may be kept: without `recover` the next step takes their memory."""
    return carry if settings.recover else carry._replace(params=_copy(carry.params))


def _better(settings: Settings, course: Course, measured: Any, params: Any) -> Best | None:
    """The best epoch, this one included."""
    has_to_be = settings.early_stopping is not None
    if settings.run.networks is not None or (measured is None and not has_to_be):
        return course.best
    value = _monitored(measured, settings.monitor)
    if value is None and has_to_be:
        must = "early_stopping must have one number to go by"
        instead = "use monitor=lambda measured: ..."
        raise ValueError(complaint("fit", must, places(measured) or "None", instead))
    if value is None or math.isnan(value) or (course.best and value >= course.best.value):
        return course.best
    return Best(value, course.epoch, params)


def _monitored(measured: Any, monitor: Callable[[Any], float] | None) -> float | None:
    """The number that decides which epoch is best, or None where there is none."""
    if monitor is not None:
        measured = monitor(measured)
    elif isinstance(measured, dict):
        measured = measured.get("loss")
    if measured is not None and np.shape(measured) == ():
        return float(measured)
    if monitor is not None:
        must, came = "monitor must return one number", places(measured) or "None"
        raise ValueError(complaint("fit", must, came, "return float(...)"))
    return None


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
