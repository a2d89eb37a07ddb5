"""Training: compiled epochs over arrays or streams, many networks at once, checkpoints."""

from jaxnn.evaluation import evaluate as evaluate
from jaxnn.training.fitting import fit as fit
from jaxnn.training.results import FitResult as FitResult
from jaxnn.training.results import Progress as Progress
from jaxnn.training.saving import CheckpointError as CheckpointError
from jaxnn.training.saving import Checkpoints as Checkpoints
from jaxnn.training.scaling import LossScale as LossScale

for _public in (CheckpointError, Checkpoints, FitResult, LossScale, Progress, fit):
    _public.__module__ = __name__  # where users find it, whatever file it stands in
