"""Pictures are checked by what is in them: the lines' data, the texts, the axes."""

import inspect
import io
import subprocess
import sys

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection, QuadMesh
from matplotlib.colors import to_rgba, to_rgba_array
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle, StepPatch
from matplotlib.text import Text

from jaxnn import plot
from jaxnn.benchmark import Comparison, Contestant
from jaxnn.plot.style import DARK, GREY, POSITIVE

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


def column_names(figure: Figure) -> list[str]:
    return [label.get_text() for label in figure.axes[0].get_xticklabels()]


def row_names(figure: Figure) -> list[str]:
    return [label.get_text() for label in figure.axes[0].get_yticklabels()]


def shown_texts(axes: Axes) -> list[Text]:
    """Every text of axes: titles, notes, the names at both, the legend's."""
    legend = axes.get_legend()
    ticks = [
        label
        for axis, (low, high) in ((axes.xaxis, axes.get_xlim()), (axes.yaxis, axes.get_ylim()))
        for place, label in zip(axis.get_ticklocs(), axis.get_ticklabels(), strict=True)
        if min(low, high) <= place <= max(low, high)
    ]
    return [
        text
        for text in (
            *(child for child in axes.get_children() if isinstance(child, Text)),
            *(axis.label for axis in (axes.xaxis, axes.yaxis)),
            *ticks,
            *(legend.get_texts() if legend else ()),
        )
        if text.get_text()
    ]


def assert_legible(figure: Figure) -> None:
    """No text overlaps another or leaves the figure."""
    figure.draw_without_rendering()
    shown = [text for axes in figure.axes for text in shown_texts(axes)]
    boxes = [text.get_window_extent() for text in shown]
    for index, box in enumerate(boxes):
        assert figure.bbox.contains(box.x0, box.y0), shown[index]
        assert figure.bbox.contains(box.x1, box.y1), shown[index]
        assert box.count_overlaps(boxes[index + 1 :]) == 0, shown[index]


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
    assert_legible(draw(None))


@pytest.mark.parametrize("half", [slice(0, 6), slice(2, 8)])
def test_pictures_beside_each_other_leave_room_for_their_texts(half):
    figure = Figure(figsize=(12, 6), dpi=60, layout="constrained")
    for axes, draw in zip(figure.subplots(2, 3).flat, [*DRAWINGS.values()][half], strict=True):
        draw(axes)
    assert_legible(figure)


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
    assert column_names(figure) == ["64\ninput", "128\nrelu", "10\noutput"]
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
    assert axes.get_xlabel() == "value (outlines: before)"


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


def test_benchmark_bars_are_the_medians():
    figure = plot.benchmark_bars(COMPARISON, title="epochs")
    bars = [bar for bar in figure.axes[0].patches if isinstance(bar, Rectangle)]
    assert [bar.get_width() for bar in bars] == [0.004, 0.08]
    assert texts(figure) == ["4 ms  (1.00 x)", "80 ms  (20.00 x)"]


POINTS = [[0.0, 0.0], [1.0, 2.0]]
NUMBERED = "number the classes from 0 on"
CHOSEN = "number the classes from 0 on, and use jnp.argmax(logits, axis=-1)"
REFUSED = {
    "training without a step": (
        lambda: plot.training_history([], steps_per_epoch=0),
        "training_history: losses must hold a step; got an array of shape (0,); "
        "train for an epoch first",
    ),
    "training of many networks": (
        lambda: plot.training_history([[3.0, 2.0]]),
        "training_history: losses must be (steps); got an array of shape (1, 2); "
        "use ensemble_history for many networks",
    ),
    "epochs without a step": (
        lambda: plot.training_history([3.0], steps_per_epoch=0),
        "training_history: steps_per_epoch must be at least 1; got 0; use 1 to count steps",
    ),
    "validation without a name": (
        lambda: plot.training_history([3.0], validation=np.ones(3)),  # type: ignore[arg-type]  # refused
        "training_history: validation must have names; got a ndarray; "
        'use validation={"test loss": result.validation}',
    ),
    "validation of many networks": (
        lambda: plot.training_history([3.0], validation={"v": np.ones((2, 3))}),
        "training_history: v must be (epochs); got (2, 3); pass it as FitResult.validation has it",
    ),
    "an ensemble without a step": (
        lambda: plot.ensemble_history(np.zeros((3, 0))),
        "ensemble_history: losses must hold a step; got an array of shape (3, 0); "
        "train for an epoch first",
    ),
    "an ensemble that is a single network": (
        lambda: plot.ensemble_history([3.0, 2.0, 1.0]),
        "ensemble_history: losses must be (networks, steps); got an array of shape (3,); "
        "use training_history for a single network",
    ),
    "validation of other networks": (
        lambda: plot.ensemble_history([[3.0, 2.0]], validation={"test loss": [[3.0], [2.0]]}),
        "ensemble_history: test loss must be (1 networks, epochs); got (2, 1); "
        "pass it as FitResult.validation has it",
    ),
    "no layers": (
        lambda: plot.network_diagram(()),
        "network_diagram: sizes must name input and output, with a unit each; got (); "
        "use (3, 2, 1)",
    ),
    "a layer without a unit": (
        lambda: plot.network_diagram((3, 0, 2)),
        "network_diagram: sizes must name input and output, with a unit each; got (3, 0, 2); "
        "use (3, 2, 1)",
    ),
    "kernels of another network": (
        lambda: plot.network_diagram((3, 4, 2), kernels=[np.ones((4, 3))]),
        "network_diagram: kernels must be [(3, 4), (4, 2)]; got [(4, 3)]; "
        "pass layer.kernel of each",
    ),
    "no parameters": (
        lambda: plot.weight_histograms([]),
        "weight_histograms: params must hold a number; got none; make them with init_mlp",
    ),
    "other parameters before": (
        lambda: plot.weight_histograms([np.ones(3)], before={}),
        "weight_histograms: before must have the structure of params; got arrays [], not ['0']; "
        "pass the first parameters",
    ),
    "a negative class": (
        lambda: plot.confusion_matrix([-1, 0], [0, 0]),
        f"confusion_matrix: labels must be between 0 and 1999; got -1 to 0; {CHOSEN}",
    ),
    "a class of a million": (
        lambda: plot.confusion_matrix([0, 1], [0, 10**6]),
        f"confusion_matrix: predictions must be between 0 and 1999; got 0 to 1000000; {CHOSEN}",
    ),
    "a class without a name": (
        lambda: plot.confusion_matrix([0, 1], [0, 1], classes=["cat"]),
        f"confusion_matrix: labels must be between 0 and 0; got 0 to 1; {CHOSEN}",
    ),
    "names of too many classes": (
        lambda: plot.confusion_matrix([0], [0], classes=np.full(2001, "cat")),
        "confusion_matrix: classes must be 2000 at the most; got 2001; leave some out",
    ),
    "less predictions than labels": (
        lambda: plot.confusion_matrix([0, 1], [0]),
        "confusion_matrix: predictions must be one integer for each sample; "
        f"got int64 of shape (1,); {CHOSEN}",
    ),
    "no labels": (
        lambda: plot.confusion_matrix(np.zeros(0, int), np.zeros(0, int)),
        "confusion_matrix: labels must be one integer for each sample; "
        f"got int64 of shape (0,); {CHOSEN}",
    ),
    "logits": (
        lambda: plot.decision_boundary(lambda points: points, POINTS, [0, 1]),
        "decision_boundary: what predict gives must be one integer for each point; "
        "got float32 of shape (90601, 2); end it with jnp.argmax(logits, axis=-1)",
    ),
    "probabilities": (
        lambda: plot.decision_boundary(lambda points: points[:, 0], POINTS, [0, 1]),
        "decision_boundary: what predict gives must be one integer for each point; "
        "got float32 of shape (90601,); end it with jnp.argmax(logits, axis=-1)",
    ),
    "labels of other points": (
        lambda: plot.decision_boundary(lambda points: points[:, 0] > 0, POINTS, [0, 1, 1]),
        "decision_boundary: labels must be one integer for each point; "
        f"got int64 of shape (3,); {NUMBERED}",
    ),
    "points that are nowhere": (
        lambda: plot.decision_boundary(lambda points: points[:, 0] > 0, [[0.0, np.nan]], [0]),
        "decision_boundary: points must be (n, 2), finite; got float32 of shape (1, 2); "
        "choose two of the inputs",
    ),
    "nothing compared": (
        lambda: plot.benchmark_bars(Comparison((), 0), title="nothing"),
        "benchmark_bars: comparison must hold a function; got none; pass compare's functions some",
    ),
}


@pytest.mark.parametrize(("draw", "expected"), REFUSED.values(), ids=REFUSED)
def test_what_makes_no_picture_is_refused(draw, expected):
    with pytest.raises(ValueError) as caught:
        draw()
    assert str(caught.value) == expected


def test_a_single_step_is_drawn_as_a_point():
    raw, smooth = plot.training_history([0.5]).axes[0].lines
    assert (raw.get_marker(), smooth.get_marker()) == ("o", "o")
    axes = plot.ensemble_history([[1.0], [2.0], [6.0]]).axes[0]
    assert axes.lines[0].get_marker() == "o"
    assert list(np.asarray(axes.lines[0].get_ydata())) == [2.0]
    everything, middle = (np.asarray(c.get_paths()[0].vertices) for c in axes.collections[:2])
    np.testing.assert_array_equal(everything, [[1, 1], [1, 6]])
    np.testing.assert_array_equal(middle, [[1, 1.5], [1, 4]])


def test_ensemble_history_draws_what_is_finite_and_counts_the_others():
    losses = np.array([[4.0, 2.0, 1.0], [np.nan] * 3, [2.0, np.inf, np.nan]])
    axes = plot.ensemble_history(losses, validation={"test loss": losses}).axes[0]
    for line in axes.lines:
        np.testing.assert_array_equal(line.get_ydata(), [3.0, 2.0, 1.0])
    assert axes.get_title(loc="left") == "Training of 3 networks, 2 not always finite"


@pytest.mark.parametrize("value", [np.nan, 0.0, -1.0])
def test_losses_that_have_no_logarithm_are_drawn_on_a_linear_scale(value):
    for figure in (
        plot.training_history([value] * 3),
        plot.ensemble_history(np.full((2, 3), value)),
    ):
        figure.draw_without_rendering()
        assert figure.axes[0].get_yscale() == "linear"
        assert figure.axes[0].get_xlim() == (0, 3)


def test_network_diagram_shows_weights_that_are_not_finite_in_black():
    kernel = np.array([[np.nan, 2.0], [np.inf, 0.0]])
    axes = plot.network_diagram([2, 2], kernels=[kernel]).axes[0]
    nan, positive, infinite, zero = map(tuple, to_rgba_array(axes.collections[0].get_edgecolor()))
    assert nan == infinite == to_rgba(DARK)
    assert positive == to_rgba(POSITIVE)
    assert zero == to_rgba(GREY, alpha=0.3)
    assert axes.get_xlabel() == "weights: blue positive, orange negative, black not finite"


def test_many_layers_are_named_upright():
    figure = plot.network_diagram([3] * 25, activation="relu")
    assert column_names(figure) == ["3 input", *["3 relu"] * 23, "3 output"]
    assert_legible(figure)


def test_a_confusion_matrix_of_many_classes_is_legible():
    labels = np.arange(50).repeat(40)
    figure = plot.confusion_matrix(labels, labels)
    assert_legible(figure)
    assert texts(figure) == []
    assert column_names(figure) == row_names(figure) == [str(index) for index in range(0, 50, 3)]
    cells = np.asarray(figure.axes[0].images[0].get_array())
    np.testing.assert_array_equal(cells, np.eye(50))


def test_long_names_of_classes_are_turned():
    names = ["a very long class name here", "another quite long one", "third long class name"]
    figure = plot.confusion_matrix([0, 1, 2], [0, 1, 1], classes=names)
    assert_legible(figure)
    assert [name.replace("\n", " ") for name in column_names(figure)] == names
    assert [name.replace("\n", " ") for name in row_names(figure)] == names


@pytest.mark.parametrize("count", [2, 10, 25])
def test_decision_boundary_gives_each_class_a_color(count):
    points = np.stack([np.arange(count), np.zeros(count)], axis=1)
    figure = plot.decision_boundary(
        lambda x: jnp.clip(jnp.round(x[:, 0]), 0, count - 1).astype(int), points, range(count)
    )
    figure.draw_without_rendering()
    areas, dots = figure.axes[0].collections
    assert isinstance(areas, QuadMesh)
    colors = [
        {tuple(color) for color in to_rgba_array(drawn.get_facecolor())[:, :3]}
        for drawn in (areas, dots)
    ]
    assert colors[0] == colors[1]
    assert len(colors[0]) == count


def test_decision_boundary_has_an_area_around_a_single_point():
    axes = plot.decision_boundary(lambda x: x[:, 0] > 0, [[0.0, 5.0]], [0]).axes[0]
    np.testing.assert_allclose(axes.get_xlim(), [-1, 1], atol=0.01)
    np.testing.assert_allclose(axes.get_ylim(), [4, 6], atol=0.01)


def test_weight_histograms_count_what_is_not_finite():
    figure = plot.weight_histograms([np.array([1.0, np.nan, 3.0, np.inf]), np.array([np.nan])])
    assert texts(figure) == ["4 · σ 1 · 2 not finite", "1 · 1 not finite"]


def test_weight_histograms_break_long_names_to_leave_room_for_the_bars():
    name = "encoder.transformer_block_number_12.self_attention.query_projection"
    figure = plot.weight_histograms({name: np.ones(9)})
    assert_legible(figure)
    assert row_names(figure)[0].replace("\n", "") == name
    assert figure.axes[0].bbox.width > figure.bbox.width / 2


def test_weight_histograms_of_many_arrays_name_some_where_there_is_no_room_for_all():
    figure = Figure(figsize=(4, 3), dpi=60, layout="constrained")
    plot.weight_histograms([np.ones(9)] * 40, axes=figure.subplots())
    assert_legible(figure)
    assert len(row_names(figure)) == len(texts(figure)) < 20


def bars(*rows: Contestant) -> Figure:
    return plot.benchmark_bars(Comparison(rows, 30), title="epochs")


def test_benchmark_bars_leave_room_for_long_names_and_labels():
    name = "a name that goes on and on, with batches of 1024 samples in bfloat16"
    figure = bars(Contestant("jaxnn", 4e-6, 2e-7, 1.0), Contestant(name, 4.0, 0.1, 1e6))
    assert_legible(figure)
    assert row_names(figure)[1].replace("\n", " ") == name
    assert texts(figure) == ["4 µs  (1.00 x)", "4 s  (1,000,000 x)"]
    assert figure.axes[0].bbox.width > figure.bbox.width / 2


def test_benchmark_bars_of_no_time_have_no_ratio():
    figure = bars(Contestant("a", 0.0, 0.0, np.nan), Contestant("b", 0.0, 0.0, np.nan))
    assert_legible(figure)
    assert texts(figure) == ["0 s", "0 s"]


def test_benchmark_bars_show_small_ratios():
    assert texts(bars(Contestant("a", 4.0, 0.0, 1.0), Contestant("b", 4e-6, 0.0, 1e-6))) == [
        "4 s  (1.00 x)",
        "4 µs  (1e-06 x)",
    ]
