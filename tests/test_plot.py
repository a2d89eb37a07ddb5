"""Pictures are checked by what is in them: the lines' data, the texts, the axes."""

import inspect
import io
import subprocess
import sys

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle, StepPatch
from matplotlib.text import Text

from jaxnn import plot
from jaxnn.benchmark import Comparison, Contestant

COMPARISON = Comparison(
    (Contestant("jaxnn", 0.004, 0.0002, 1.0), Contestant("torch", 0.08, 0.01, 20.0)), 30
)
DRAWINGS = {
    "activation_curve": lambda axes: plot.activation_curve({"tanh": jnp.tanh}, axes=axes),
    "network_diagram": lambda axes: plot.network_diagram([20, 3, 2], axes=axes),
    "training_history": lambda axes: plot.training_history([3.0, 2.0, 1.0], axes=axes),
    "ensemble_history": lambda axes: plot.ensemble_history(
        [[3.0, 2.0, 1.0], [4.0, 2.0, 1.5]],
        validation={"test loss": [[3.0, 2.0, 1.0], [2.0, 1.5, 1.5]]},
        axes=axes,
    ),
    "weight_histograms": lambda axes: plot.weight_histograms(
        {"w": np.arange(99.0), "b": np.ones(9)},
        before={"w": np.ones(99), "b": np.ones(9)},
        axes=axes,
    ),
    "confusion_matrix": lambda axes: plot.confusion_matrix([0, 1], [0, 0], axes=axes),
    "decision_boundary": lambda axes: plot.decision_boundary(
        lambda x: x[:, 0] > 0, [[-1.0, 0.0], [1.0, 2.0]], [0, 1], axes=axes
    ),
    "benchmark_bars": lambda axes: plot.benchmark_bars(COMPARISON, title="epochs", axes=axes),
}


def texts(figure: Figure) -> list[str]:
    return [text.get_text() for text in figure.axes[0].texts]


def test_every_picture_is_drawn_here_and_reports_the_public_module():
    public = {name for name in vars(plot) if not name.startswith("_")}
    functions = {name for name in public if inspect.isfunction(getattr(plot, name))}
    assert functions == set(DRAWINGS)
    assert {getattr(plot, name).__module__ for name in functions} == {"jaxnn.plot"}


@pytest.mark.parametrize("draw", DRAWINGS.values(), ids=DRAWINGS)
def test_draws_on_a_figure_of_its_own_and_saves(draw):
    figure = draw(None)
    file = io.BytesIO()
    figure.savefig(file, format="png")
    assert file.getvalue().startswith(b"\x89PNG")
    assert figure.axes[0].get_title(loc="left")


@pytest.mark.parametrize("draw", DRAWINGS.values(), ids=DRAWINGS)
def test_draws_on_given_axes(draw):
    figure = Figure()
    _, axes = figure.subplots(1, 2)
    assert draw(axes) is figure
    assert len(figure.axes) == 2
    assert axes.has_data() or axes.texts


@pytest.mark.parametrize("draw", DRAWINGS.values(), ids=DRAWINGS)
def test_no_text_overlaps_another_or_leaves_the_figure(draw):
    figure = draw(None)
    figure.draw_without_rendering()
    (axes,) = figure.axes
    titles = [text for text in axes.get_children() if isinstance(text, Text)]
    shown = [text for text in titles if text.get_text()]
    if axes.axison:
        shown += [axes.xaxis.label, axes.yaxis.label]
    boxes = [text.get_window_extent() for text in shown if text.get_text()]
    for index, box in enumerate(boxes):
        assert figure.bbox.contains(box.x0, box.y0), shown[index]
        assert figure.bbox.contains(box.x1, box.y1), shown[index]
        assert box.count_overlaps(boxes[index + 1 :]) == 0, shown[index]


def test_pyplot_is_never_imported():
    code = "import sys, jaxnn.plot; sys.exit('matplotlib.pyplot' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_activation_curve_shows_function_and_derivative():
    axes = plot.activation_curve({"tanh": jnp.tanh}, low=-1.0, high=1.0).axes[0]
    slope, curve = axes.lines[:2]
    x = np.asarray(curve.get_xdata())
    assert (x[0], x[-1]) == (-1.0, 1.0)
    np.testing.assert_allclose(np.asarray(curve.get_ydata()), np.tanh(x), rtol=1e-6)
    np.testing.assert_allclose(np.asarray(slope.get_ydata()), 1 - np.tanh(x) ** 2, rtol=1e-5)


def test_network_diagram_counts_parameters_and_shortens_large_layers():
    figure = plot.network_diagram([64, 128, 10], activation="relu")
    axes = figure.axes[0]
    assert (
        axes.get_title(loc="left") == f"Network with {64 * 128 + 128 + 128 * 10 + 10:,} parameters"
    )
    assert texts(figure) == ["64\ninput", "128\nrelu", "10\noutput"]
    connections = [lines for lines in axes.collections if isinstance(lines, LineCollection)]
    assert [len(lines.get_segments()) for lines in connections] == [12 * 12, 12 * 10]


def test_network_diagram_colors_weights_by_sign_and_strength():
    kernel = np.array([[2.0], [-1.0]])
    axes = plot.network_diagram([2, 1], kernels=[kernel]).axes[0]
    strong, weak = np.asarray(axes.collections[0].get_edgecolor())
    red, blue, alpha = 0, 2, 3
    assert strong[blue] > strong[red]
    assert weak[red] > weak[blue]
    assert strong[alpha] > weak[alpha]


def test_training_history_averages_over_a_fiftieth_of_the_steps(seed):
    losses = np.random.default_rng(seed).uniform(1, 2, 500)
    figure = plot.training_history(losses, steps_per_epoch=100, validation={"test loss": [1.5] * 5})
    raw, smooth, test = figure.axes[0].lines
    np.testing.assert_array_equal(raw.get_ydata(), losses)
    assert np.asarray(raw.get_xdata())[-1] == 5.0
    assert np.asarray(smooth.get_ydata())[-1] == pytest.approx(losses[-10:].mean())
    assert test.get_label() == "test loss"
    np.testing.assert_array_equal(test.get_xdata(), [1, 2, 3, 4, 5])


@pytest.mark.parametrize("scale", ["linear", "log"])
def test_histories_have_the_scale_asked_for(scale):
    for figure in (
        plot.training_history([3.0, 1.0], scale=scale),
        plot.ensemble_history([[3.0, 1.0]], scale=scale),
    ):
        assert figure.axes[0].get_yscale() == scale


@pytest.mark.parametrize(
    ("losses", "expected"),
    [([3.0, 0.3], "0.5 1 2"), ([3e3, 3e-3], "0.01 0.1 1 10 100 1000")],
)
def test_logarithmic_axes_are_labelled_in_plain_numbers(losses, expected):
    axes = plot.training_history(losses).axes[0]
    low, high = axes.get_ylim()
    shown = [label for label in axes.get_yticklabels() if low <= label.get_position()[1] <= high]
    assert " ".join(label.get_text() for label in shown) == expected
    assert not any(label.get_text() for label in axes.get_yticklabels(minor=True))


def test_training_history_marks_the_best_epoch_where_it_ends():
    axes = plot.training_history([3.0, 2.0, 1.0], best_epoch=1).axes[0]
    (line,) = [line for line in axes.lines if line.get_label() == "best epoch"]
    assert list(np.asarray(line.get_xdata())) == [2, 2]


def test_ensemble_history_draws_the_median_within_the_quartiles_within_the_extremes():
    losses = np.array([[1.0], [2.0], [3.0], [4.0], [9.0]]) * np.array([1.0, 0.5])
    axes = plot.ensemble_history(losses, validation={"test loss": losses}).axes[0]
    train, test = axes.lines
    np.testing.assert_array_equal(train.get_ydata(), [3.0, 1.5])
    np.testing.assert_array_equal(test.get_ydata(), [3.0, 1.5])
    np.testing.assert_array_equal(train.get_xdata(), [1, 2])
    everything, middle = (band.get_paths()[0].vertices for band in axes.collections[:2])
    assert {y for x, y in np.asarray(everything) if x == 1} == {1.0, 9.0}
    assert {y for x, y in np.asarray(middle) if x == 1} == {2.0, 4.0}
    assert axes.get_title(loc="left") == "Training of 5 networks"


def test_ensemble_history_refuses_a_single_network():
    expected = (
        "ensemble_history: losses must be (networks, steps); got an array of shape (3,); "
        "use training_history for a single network"
    )
    with pytest.raises(ValueError) as caught:
        plot.ensemble_history([3.0, 2.0, 1.0])
    assert str(caught.value) == expected


def test_ensemble_history_refuses_what_was_measured_of_other_networks():
    with pytest.raises(ValueError) as caught:
        plot.ensemble_history([[3.0, 2.0]], validation={"test loss": [[3.0], [2.0]]})
    assert str(caught.value) == (
        "ensemble_history: test loss must be (1 networks, epochs); got (2, 1); "
        "pass it as FitResult.validation has it"
    )


def test_weight_histograms_name_count_and_spread_each_array(seed):
    random = np.random.default_rng(seed)
    params = {"kernel": random.normal(size=(100, 10)), "bias": np.array([-2.0, 2.0]), "none": []}
    figure = plot.weight_histograms(params)
    axes = figure.axes[0]
    assert [label.get_text() for label in axes.get_yticklabels()] == ["bias", "kernel"]
    assert texts(figure) == ["2 · σ 2", f"1,000 · σ {params['kernel'].std():.2g}"]
    bias, kernel = (p.get_data() for p in axes.patches if isinstance(p, StepPatch))
    heights, edges, _ = bias
    places = (edges[:-1] + edges[1:])[heights > 1] / 2
    np.testing.assert_allclose(places, [-2, 2], atol=(edges[1] - edges[0]) / 2)
    heights, edges, _ = kernel
    counts, _ = np.histogram(params["kernel"], edges)
    np.testing.assert_allclose(heights, 0.82 * counts / counts.max())
    assert axes.get_title(loc="left") == "1,002 parameters"


def test_weight_histograms_outline_what_was_before():
    axes = plot.weight_histograms([np.ones(5)], before=[np.zeros(5)]).axes[0]
    now, before = axes.patches
    assert (now.get_fill(), before.get_fill()) == (True, False)
    assert axes.get_title(loc="right") == "outlines: before"


@pytest.mark.parametrize(
    ("params", "before", "expected"),
    [
        ([], None, "params must hold a number; got none; make them with init_mlp"),
        (
            [np.ones(3)],
            {},
            "before must have the structure of params; got arrays [], not ['0']; "
            "pass the first parameters",
        ),
    ],
)
def test_weight_histograms_refuse_what_they_cannot_draw(params, before, expected):
    with pytest.raises(ValueError) as caught:
        plot.weight_histograms(params, before=before)
    assert str(caught.value) == f"weight_histograms: {expected}"


def test_confusion_matrix_counts_rows_by_true_class():
    figure = plot.confusion_matrix([0, 0, 0, 1], [0, 0, 1, 1], classes=["cat", "dog"])
    axes = figure.axes[0]
    assert axes.get_title(loc="left") == "3 of 4 right: 75.0%"
    assert [(*text.get_position(), text.get_text()) for text in axes.texts] == [
        (0, 0, "2"),
        (1, 0, "1"),
        (1, 1, "1"),
    ]
    assert [label.get_text() for label in axes.get_xticklabels()] == ["cat", "dog"]


def test_decision_boundary_asks_the_network_everywhere():
    asked = []

    def predict(points: jax.Array) -> jax.Array:
        asked.append(points)
        return points[:, 1] > 1

    plot.decision_boundary(predict, [[0.0, 0.0], [1.0, 2.0]], [0, 1])
    (grid,) = asked
    np.testing.assert_allclose(grid.min(axis=0), [-0.1, -0.2], rtol=1e-5)
    np.testing.assert_allclose(grid.max(axis=0), [1.1, 2.2], rtol=1e-5)


def test_decision_boundary_refuses_logits():
    with pytest.raises(ValueError) as caught:
        plot.decision_boundary(lambda points: points, [[0.0, 0.0], [1.0, 2.0]], [0, 1])
    assert str(caught.value) == (
        "decision_boundary: predict must give one class for each point; got an array (90601, 2); "
        "end it with jnp.argmax(logits, axis=-1)"
    )


def test_benchmark_bars_are_the_medians():
    figure = plot.benchmark_bars(COMPARISON, title="epochs")
    bars = [bar for bar in figure.axes[0].patches if isinstance(bar, Rectangle)]
    assert [bar.get_width() for bar in bars] == [0.004, 0.08]
    assert texts(figure) == ["4 ms  (1.00 x)", "80 ms  (20.00 x)"]
