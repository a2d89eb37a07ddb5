"""Views of the same elements with their dimensions in another order."""

import warnings
from typing import Any

from jaxnn.torch import views
from jaxnn.torch.layouts import Layout
from jaxnn.torch.operations.definition.viewing import attach_property, define, offer
from jaxnn.torch.operations.views.reinterpreting import conj
from jaxnn.torch.tensor import Tensor, wrap


def _swapaxes(layout: Layout, axis0: int, axis1: int) -> Layout:
    return views.transpose(layout, axis0, axis1)


def _movedim(layout: Layout, source: Any, destination: Any) -> Layout:
    if isinstance(source, int):
        source, destination = [source], [destination]
    return views.movedim(layout, source, destination)


_TWO_DIMS = "int dim0, int dim1"
_MOVES = ("int source, int destination", "tuple of ints source, tuple of ints destination")

transpose = define("transpose", views.transpose, "Two dimensions exchanged.", _TWO_DIMS, twin=True)
swapdims = define("swapdims", views.transpose, "Two dimensions exchanged.", _TWO_DIMS, twin=True)
swapaxes = define(
    "swapaxes", _swapaxes, "Two dimensions exchanged.", "int axis0, int axis1", twin=True
)
t = define("t", views.t, "A matrix transposed; a vector as it is.", "", twin=True)
permute = define("permute", views.permute, "The dimensions in another order.", "tuple of ints dims")
movedim = define("movedim", _movedim, "Dimensions moved to other places.", *_MOVES)
moveaxis = define("moveaxis", _movedim, "Dimensions moved to other places.", *_MOVES)


def _reversed(self: Tensor) -> Any:
    if self.ndim not in (0, 2):
        warnings.warn(
            "The use of `x.T` on tensors of dimension other than 2 to reverse their shape is "
            "deprecated and it will throw an error in a future release. Consider `x.mT` to "
            "transpose batches of matrices or `x.permute(*torch.arange(x.ndim - 1, -1, -1))` to "
            "reverse the dimensions of a tensor.",
            stacklevel=2,
        )
    return wrap(self._storage, views.reverse_dims(self._layout), self._dtype)


def _matrix_transposed(self: Tensor, name: str = "mT") -> Any:
    if self.ndim == 1:
        raise RuntimeError(
            f"tensor.{name} is only supported on matrices or batches of matrices. Got 1-D tensor."
        )
    if not self.ndim:
        return self
    return wrap(self._storage, views.transpose(self._layout, -2, -1), self._dtype)


def _matrix_conjugated(self: Tensor) -> Any:
    return conj(_matrix_transposed(self, "mH"))


def _conjugated(self: Tensor) -> Any:
    if self.ndim not in (0, 2):
        advice = " For batches of matrices, consider using tensor.mH" * (self.ndim > 2)
        raise RuntimeError(
            f"tensor.H is only supported on matrices (2-D tensors). Got {self.ndim}-D "
            f"tensor.{advice}"
        )
    return _matrix_conjugated(self)


def _adjoint(input: Tensor) -> Any:
    return conj(_matrix_transposed(input, "adjoint()"))


adjoint = offer("adjoint", _adjoint, "Matrices transposed and conjugated.", "")

attach_property("T", _reversed, "All dimensions in reverse order.")
attach_property("mT", _matrix_transposed, "The last two dimensions exchanged.")
attach_property("H", _conjugated, "A matrix transposed and conjugated.")
attach_property("mH", _matrix_conjugated, "Matrices transposed and conjugated.")
