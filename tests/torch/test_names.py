"""torch's modules and names: those that are here, and the way round the others."""

import subprocess
import sys

import jax
import pytest

import jaxnn.torch as torch
from jaxnn.torch import lacking, remedies

GRADIENTS = (
    "Gradients are JAX's: jax.grad(loss)(params), where loss takes tensors or arrays and returns "
    "jnp.asarray(result)"
)
LACKING = {
    "torch.optim": "torch has no optim. Optimizers are in jaxnn.optim, and jaxnn.fit trains with "
    "them",
    "torch.utils": "torch has no utils. Batches of data come from jaxnn.data",
    "torch.autograd": f"torch has no autograd. {GRADIENTS}",
    "torch.ones(2).backward": f"torch has no Tensor.backward. {GRADIENTS}",
    "torch.zeros(2, requires_grad=True)": f"torch has no Tensor.requires_grad. {GRADIENTS}",
    "torch.nn.functional.conv2d": "torch.nn.functional has no conv2d. On arrays it is "
    "jax.lax.conv_general_dilated",
    "torch.backends": "torch has no backends. Take the array, jnp.asarray(x), and use jax.numpy or "
    "jaxnn on it",
    "torch.nn.Linear": "torch.nn has no Linear. A layer is a function of its parameters: "
    "jaxnn.init_dense(rng, ...), jaxnn.dense",
    "torch.nn.Module": "torch.nn has no Module. A model is a function of its parameters: "
    "jaxnn.init_mlp(rng, sizes), jaxnn.mlp",
    "torch.nn.LeakyReLU": "torch.nn has no LeakyReLU. On arrays it is jaxnn.leaky_relu: "
    "jaxnn.leaky_relu(jnp.asarray(x), ...)",
    "torch.nn.SmoothL1Loss": "torch.nn has no SmoothL1Loss. On arrays it is jaxnn.smooth_l1_loss: "
    "jaxnn.smooth_l1_loss(jnp.asarray(x), jnp.asarray(target))",
    "torch.fft.rfft2": "torch.fft has no rfft2. On arrays it is jax.numpy.fft.rfft2: "
    "jax.numpy.fft.rfft2(jnp.asarray(x), ...)",
    "torch.stft": "torch has no stft. On arrays it is jax.scipy.signal.stft: "
    "jax.scipy.signal.stft(jnp.asarray(x), ...)",
}


@pytest.mark.parametrize(("expression", "text"), LACKING.items())
def test_what_is_lacking_names_the_way_round(expression, text):
    with pytest.raises(NotImplementedError) as caught:
        eval(expression, {"torch": torch})
    assert str(caught.value) == f"jaxnn.{text}."


def test_arguments_that_lack_name_the_way_round():
    error = lacking.argument("svd", "driver", "JAX chooses its own")
    assert str(error) == "jaxnn.torch takes no driver= for svd. JAX chooses its own."


def test_what_torch_never_had_is_an_attribute_error_with_torchs_text():
    for expression, owner in {
        "torch.never": "module 'torch'",
        "torch.linalg.never": "module 'torch.linalg'",
        "torch.nn.functional.never": "module 'torch.nn.functional'",
        "torch.ones(1).never": "'Tensor' object",
    }.items():
        with pytest.raises(AttributeError) as caught:
            eval(expression, {"torch": torch})
        assert caught.type is AttributeError
        assert str(caught.value) == f"{owner} has no attribute 'never'"


def test_every_name_in_the_tables_of_remedies_is_there():
    named = remedies.named()
    assert len(named) > 70
    assert [name for name in named if remedies.resolve(name) is None] == []


def test_every_name_that_has_a_remedy_is_torchs():
    known = frozenset().union(*map(lacking.torch_names, lacking.families()))
    assert remedies.remedied() - known == set()


@pytest.mark.parametrize("owner", sorted(lacking.families()))
def test_every_name_that_lacks_names_a_function_that_is_there(owner):
    for name in lacking.torch_names(owner):
        found = remedies.replacement(owner, name)
        assert found is None or callable(remedies.resolve(found)), name


def test_gpus_are_those_of_jax():
    gpus = sum(device.platform == "gpu" for device in jax.devices())
    assert (torch.cuda.device_count(), torch.cuda.is_available()) == (gpus, gpus > 0)
    with pytest.raises(NotImplementedError, match=r"^jaxnn.torch.cuda has no CUDAGraph\. "):
        _ = torch.cuda.CUDAGraph


def test_the_version_says_whose_it_is():
    assert torch.__version__.split("+") == ["2.13.0", "jaxnn"]


@pytest.mark.parametrize("given", [3, "a"])
def test_a_generator_is_torchs(given):
    with pytest.raises(TypeError, match=r"argument 'generator' must be torch\.Generator, not "):
        torch.zeros(2).uniform_(generator=given)


def test_errors_are_plain_type_errors():
    for call in (lambda: torch.exp(2), lambda: torch.zeros(2).add("a"), lambda: torch.zeros("a")):
        with pytest.raises(TypeError) as caught:
            call()
        assert caught.type is TypeError


def test_no_grad_changes_nothing():
    @torch.no_grad()
    def twice(x):
        return x * 2

    @torch.inference_mode
    def thrice(x):
        return x * 3

    with torch.no_grad(), torch.inference_mode():
        assert (twice(torch.ones(1)).item(), thrice(torch.ones(1)).item()) == (2, 3)


def test_whether_gradients_would_be_recorded_is_torchs():
    enabled = torch.is_grad_enabled

    @torch.enable_grad()
    def on():
        return enabled()

    @torch.no_grad
    def off():
        return enabled()

    assert (enabled(), on(), off()) == (True, True, False)
    with torch.no_grad():
        assert (enabled(), on(), off()) == (False, True, False)
    with torch.inference_mode():
        assert (enabled(), torch.is_inference_mode_enabled()) == (False, True)
    with torch.set_grad_enabled(False):
        assert not enabled()
    assert enabled()
    torch.set_grad_enabled(False)
    assert not enabled()
    decorated = torch.set_grad_enabled(True)(enabled)
    assert (enabled(), decorated()) == (False, True)
    torch.set_grad_enabled(True)
    assert enabled()


def test_importing_never_imports_torch():
    code = "import sys, jaxnn.torch, jaxnn.torch.nn.functional; assert 'torch' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True)
