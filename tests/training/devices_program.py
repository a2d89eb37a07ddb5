"""A training whose parameters lie on the second device goes on there: prints "done".

A program of its own, since JAX asks once, when it starts, how many devices there are.
"""

import sys
import tempfile

import jax
import numpy as np

from tests.training.lines import LINE, X, Y, assert_same, fit_line

if __name__ == "__main__":
    second = {jax.devices()[1]}
    options = {"params": jax.device_put(LINE, *second), "validation": (X, Y)}
    whole = fit_line(**options)
    with tempfile.TemporaryDirectory() as folder:
        fit_line(checkpoint=folder, epochs=1, **options)
        resumed = fit_line(checkpoint=folder, **options)
        finished = fit_line(checkpoint=folder, **options)
    for result in (whole, resumed, finished):
        assert_same(result, whole)
        np.testing.assert_array_equal(result.validation, whole.validation)
        for leaf in jax.tree.leaves((result.params, result.opt_state, result.best_params)):
            assert leaf.devices() == second, leaf.devices()
    sys.stdout.write("done\n")
