"""Every promised name imports, is documented, and reports the module that it is promised in."""

import importlib
import inspect
import subprocess
import sys

import pytest

import jaxnn

PROMISED = {
    "jaxnn.activations": (
        "sigmoid logsigmoid tanh relu relu6 leaky_relu prelu elu selu celu gelu silu mish softplus "
        "softsign softshrink hardshrink tanhshrink threshold hardtanh hardsigmoid hardswish glu "
        "softmax softmin log_softmax identity"
    ),
    "jaxnn.dropouts": "dropout alpha_dropout feature_dropout feature_alpha_dropout",
    "jaxnn.layers": "Dense init_dense dense",
    "jaxnn.mixed_precision": "mixed_precision",
    "jaxnn.mlp": "init_mlp mlp",
    "jaxnn.parameters.attention": "init_multihead_attention init_transformer_encoder_layer",
    "jaxnn.parameters.convolution": "Conv init_conv init_conv_transpose",
    "jaxnn.parameters.embedding": "init_embedding",
    "jaxnn.parameters.recurrent": "init_rnn init_lstm init_gru",
    "jaxnn.losses": (
        "accuracy binary_cross_entropy binary_cross_entropy_with_logits cosine_embedding_loss "
        "cross_entropy ctc_loss gaussian_nll_loss hinge_embedding_loss huber_loss kl_div l1_loss "
        "margin_ranking_loss mse_loss multi_margin_loss multilabel_margin_loss "
        "multilabel_soft_margin_loss nll_loss poisson_nll_loss smooth_l1_loss soft_margin_loss "
        "triplet_margin_loss triplet_margin_with_distance_loss"
    ),
    "jaxnn.normalizations": (
        "Statistics batch_norm group_norm instance_norm layer_norm local_response_norm rms_norm"
    ),
    "jaxnn.distances": "cosine_similarity normalize pairwise_distance pdist",
    "jaxnn.embeddings": "embedding one_hot",
    "jaxnn.attention": "attention_weights scaled_dot_product_attention",
    "jaxnn.training": "fit FitResult",
    "jaxnn.evaluation": "evaluate",
}
NAMES = [(module, name) for module, names in PROMISED.items() for name in names.split()]
INITIALIZERS = (
    "constant dirac eye uniform normal trunc_normal xavier_uniform xavier_normal kaiming_uniform "
    "kaiming_normal orthogonal sparse calculate_gain Initializer"
)
RANDOM = (
    "Generator Profile bernoulli binomial cauchy dirichlet exponential gamma geometric log_normal "
    "multinomial normal permutation poisson randint uniform"
)
DATA = (
    "base_seed batches distributed_order epoch_order random_order random_split subset_order "
    "take_samples weighted_order"
)
MODULES = (
    "activations benchmark data initializers losses normalizations optim plot random torch training"
)
EXTRAS = {"optax", "tqdm", "matplotlib", "sklearn", "torch"}


@pytest.mark.parametrize(("module", "name"), NAMES)
def test_a_name_of_the_package(module: str, name: str):
    value = getattr(jaxnn, name)
    assert inspect.getdoc(value)
    assert value.__module__ == module
    assert value.__qualname__ == name
    assert getattr(sys.modules[module], name) is value
    assert name in dir(jaxnn)


@pytest.mark.parametrize("name", INITIALIZERS.split())
def test_an_initializer(name: str):
    value = getattr(jaxnn.initializers, name)
    assert inspect.getdoc(value)
    assert value.__module__ == "jaxnn.initializers"


@pytest.mark.parametrize("name", RANDOM.split())
def test_a_name_of_random(name: str):
    value = getattr(jaxnn.random, name)
    assert inspect.getdoc(value)
    assert value.__module__ == "jaxnn.random"
    assert value.__qualname__ == name


@pytest.mark.parametrize("name", DATA.split())
def test_a_name_of_data(name: str):
    value = getattr(jaxnn.data, name)
    assert inspect.getdoc(value)
    assert value.__module__ == "jaxnn.data"
    assert value.__qualname__ == name


@pytest.mark.parametrize("name", MODULES.split())
def test_a_module_of_the_package(name: str):
    assert getattr(jaxnn, name) is importlib.import_module(f"jaxnn.{name}")
    assert name in dir(jaxnn)


@pytest.mark.parametrize(("module", "name"), [n for n in NAMES if n[1][0].islower()])
def test_a_function_shows_its_arguments_and_an_example(module: str, name: str):
    """The signature is the function's own, annotated, and every argument is explained."""
    function = getattr(jaxnn, name)
    doc = inspect.getdoc(function) or ""
    assert ">>> " in doc
    for parameter in inspect.signature(function).parameters.values():
        assert parameter.annotation is not parameter.empty, parameter
        assert f"{parameter.name}: " in doc, parameter


def run(program: str) -> str:
    """What a fresh Python prints."""
    command = [sys.executable, "-c", program]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


def test_importing_the_package_imports_no_extra():
    loaded = run("import sys, jaxnn; print(*{name.partition('.')[0] for name in sys.modules})")
    assert "jaxnn" in loaded.split()
    assert not EXTRAS & set(loaded.split())


def test_a_missing_extra_is_named():
    program = """
import sys
sys.modules["optax"] = None
import jaxnn
try:
    jaxnn.fit
except ModuleNotFoundError as error:
    print(*error.__notes__)
"""
    assert run(program) == 'jaxnn.training needs more: pip install "jaxnn[train]"'
