"""Warnings of `fit`, at the line that called it and on a line of their own."""

import inspect
import sys
import warnings

from tqdm import tqdm


def warn(text: str) -> None:
    """Warn whoever called this package, and keep the text apart from progress bars."""
    frame, level = inspect.currentframe(), 1
    while frame is not None and frame.f_globals.get("__name__", "").startswith("jaxnn."):
        frame, level = frame.f_back, level + 1
    with tqdm.external_write_mode(file=sys.stderr):
        warnings.warn(text, stacklevel=level)
