"""Pictures of networks and of how they learn.

Each function draws on the axes that it is given, or on a figure of its own, which it returns. None
touches pyplot's global state: save a figure with ``figure.savefig("name.png")``. Make a figure of
several axes with ``layout="constrained"``: names and notes beside one get room from the others.
"""

from jaxnn.plot.activations import activation_curve as activation_curve
from jaxnn.plot.benchmarks import benchmark_bars as benchmark_bars
from jaxnn.plot.classification import confusion_matrix as confusion_matrix
from jaxnn.plot.classification import decision_boundary as decision_boundary
from jaxnn.plot.histories import ensemble_history as ensemble_history
from jaxnn.plot.histories import training_history as training_history
from jaxnn.plot.networks import network_diagram as network_diagram
from jaxnn.plot.weights import weight_histograms as weight_histograms

for _public in (
    activation_curve,
    benchmark_bars,
    confusion_matrix,
    decision_boundary,
    ensemble_history,
    network_diagram,
    training_history,
    weight_histograms,
):
    _public.__module__ = __name__  # where users find it, whatever file it stands in
