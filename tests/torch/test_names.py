"""torch's modules and names: those that are here, and the way round the others."""

import jax
import pytest

import jaxnn.torch as torch

GRADIENTS = (
    "Gradients are JAX's: jax.grad(loss)(params), where loss takes tensors or arrays and returns "
    "jnp.asarray(result)"
)
LACKING = {
    "torch.optim": "torch has no optim. Optimizers are in optax; jaxnn.training trains with them",
    "torch.utils": "torch has no utils. Batches of data come from jaxnn.data",
    "torch.autograd": f"torch has no autograd. {GRADIENTS}",
    "torch.enable_grad": f"torch has no enable_grad. {GRADIENTS}",
    "torch.backends": "torch has no backends. Take the array, jnp.asarray(x), and use jax.numpy or "
    "jaxnn on it",
    "torch.FloatTensor": "torch has no FloatTensor. A tensor of a type is torch.tensor(data, "
    "dtype=torch.float32), torch.zeros(2, dtype=...)",
    "torch.nn.Linear": "torch.nn has no Linear. A layer is a function of its parameters: "
    "jaxnn.init_dense(rng, ...), jaxnn.dense",
    "torch.nn.Module": "torch.nn has no Module. A model is a function of its parameters: "
    "jaxnn.init_mlp(rng, sizes), jaxnn.mlp",
    "torch.nn.functional.cross_entropy": "torch.nn.functional has no cross_entropy. On arrays it "
    "is jaxnn.cross_entropy: jaxnn.cross_entropy(jnp.asarray(x), jnp.asarray(target))",
}


@pytest.mark.parametrize(("expression", "text"), LACKING.items())
def test_what_is_lacking_names_the_way_round(expression, text):
    with pytest.raises(NotImplementedError) as caught:
        eval(expression, {"torch": torch})
    assert str(caught.value) == f"jaxnn.{text}."


def test_gpus_are_those_of_jax():
    gpus = sum(device.platform == "gpu" for device in jax.devices())
    assert (torch.cuda.device_count(), torch.cuda.is_available()) == (gpus, gpus > 0)
    with pytest.raises(NotImplementedError, match=r"^jaxnn.torch.cuda has no synchronize\. "):
        _ = torch.cuda.synchronize


def test_the_version_says_whose_it_is():
    assert torch.__version__.split("+") == ["2.13.0", "jaxnn"]


def test_an_implicit_dimension_is_warned_of():
    with pytest.warns(UserWarning, match="^Implicit dimension choice for softmax has been depr"):
        torch.nn.functional.softmax(torch.ones(2))


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
