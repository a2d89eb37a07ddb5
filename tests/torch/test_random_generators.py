"""Generators of the adapter: devices, states, forks, and life under JAX's transformations."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

import jaxnn
import jaxnn.torch as torch
from jaxnn.torch.operations.definition.signatures import taking

F = torch.nn.functional


def test_a_cuda_generator_has_16_bytes_and_an_offset():
    generator = torch.Generator(device="cuda")
    assert generator.initial_seed() == 67280421310721
    assert generator.manual_seed(5) is generator
    assert (generator.initial_seed(), generator.get_offset()) == (5, 0)
    generator.set_offset(12)
    state = generator.get_state()
    assert (state.tolist(), state.dtype) == ([5, *[0] * 7, 12, *[0] * 7], torch.uint8)
    other = torch.Generator("cuda:1").set_state(state)
    assert (other.initial_seed(), other.get_offset()) == (5, 12)
    assert other.clone_state().get_state().equal(state)
    assert (str(generator.device), str(other.device)) == ("cuda", "cuda:1")
    stream = jaxnn.random.Generator("cuda").manual_seed(5).jump(12)
    expected = jaxnn.random.uniform(stream, (4,))
    np.testing.assert_array_equal(jaxnn.random.uniform(other.stream, (4,)), expected)


@pytest.mark.parametrize(
    ("call", "kind", "text"),
    [
        (lambda g: g.set_offset(3), RuntimeError, "offset must be a multiple of 4"),
        (lambda g: g.set_offset("a"), RuntimeError, "manual_offset expected a long, but got str"),
        (lambda g: g.set_state(torch.zeros(5056).byte()), RuntimeError, "RNG state is wrong size"),
        (lambda g: g.set_state(torch.zeros(16)), TypeError, "RNG state must be a torch.ByteTensor"),
        (
            lambda g: torch.rand(3, generator=g),
            RuntimeError,
            "Expected a 'cpu' device type for generator but found 'cuda'",
        ),
        (
            lambda g: torch.randperm(3, generator=g),
            RuntimeError,
            "Expected a 'cpu' device type for generator but found 'cuda'",
        ),
    ],
)
def test_what_a_cuda_generator_refuses(call, kind, text):
    generator = torch.Generator("cuda").manual_seed(1)
    before = generator.get_state()
    with pytest.raises(kind) as caught:
        call(generator)
    assert str(caught.value) == text
    assert generator.get_state().equal(before)


@pytest.mark.parametrize("method", ["get_offset", "set_offset"])
def test_a_cpu_generator_has_no_offset(method):
    with pytest.raises(RuntimeError, match=r"^CPU Generator does not use offset$"):
        getattr(torch.Generator(), method)(*[4] * (method == "set_offset"))


@pytest.mark.skipif(torch.cuda.is_available(), reason="is about machines without a GPU")
def test_seeds_of_gpus_that_are_not_there():
    assert torch.cuda.manual_seed(1) is None
    assert torch.cuda.manual_seed_all(1) is None
    assert torch.cuda.seed() is torch.cuda.seed_all() is None
    assert torch.cuda.get_rng_state_all() == []
    assert torch.cuda.set_rng_state(torch.Generator().get_state()) is None
    for function in (torch.cuda.initial_seed, torch.cuda.get_rng_state):
        with pytest.raises(AssertionError, match=r"^Torch not compiled with CUDA enabled$"):
            function()


@pytest.mark.skipif(not torch.cuda.is_available(), reason="is about GPUs")
def test_gpu_tensors_draw_from_gpu_generators(seed):
    torch.manual_seed(seed)
    before = torch.get_rng_state()
    drawn = [torch.rand(5, device="cuda"), torch.zeros(3, 4, device="cuda").T.uniform_(-1, 1)]
    assert [x.device.type for x in drawn] == ["cuda", "cuda"]
    assert torch.get_rng_state().equal(before)
    stream = jaxnn.random.Generator("cuda").manual_seed(seed)
    np.testing.assert_array_equal(drawn[0].cpu().numpy(), jaxnn.random.uniform(stream, (5,)))
    rest = jaxnn.random.uniform(stream, (12,), low=-1.0, high=1.0)
    np.testing.assert_array_equal(drawn[1].T.cpu().numpy().reshape(-1), rest)
    assert torch.cuda.initial_seed() == seed
    with pytest.raises(RuntimeError, match=r"^Expected a 'cuda' device type for generator but"):
        drawn[0].normal_(generator=torch.Generator())


def test_fork_rng_restores_what_was_drawn(seed):
    torch.manual_seed(seed)
    expected = torch.randn(3).tolist()
    torch.manual_seed(seed)
    with torch.random.fork_rng():
        torch.randn(700)
    assert torch.randn(3).tolist() == expected
    torch.manual_seed(seed)
    with torch.random.fork_rng(enabled=False):
        assert torch.randn(3).tolist() == expected


def test_a_draw_into_shared_memory_reaches_numpy(seed):
    memory = np.zeros((3, 4), np.float32)
    torch.manual_seed(seed)
    torch.from_numpy(memory)[:, 1:].uniform_()
    torch.manual_seed(seed)
    expected = torch.rand(9).tolist()
    assert memory[:, 1:].ravel().tolist() == expected
    assert memory[:, 0].tolist() == [0, 0, 0]


def test_dropout_in_traced_functions(seed):
    x = torch.arange(6.0)

    def masked(t):
        torch.manual_seed(seed)
        return F.dropout(t, 0.4)

    expected = masked(x)
    assert jax.jit(masked)(x).tolist() == expected.tolist()
    slopes = torch.func.grad(lambda t: (masked(t) * 3).sum())(x + 1)
    torch.manual_seed(seed)
    assert slopes.tolist() == (F.dropout(torch.ones(6), 0.4) * 3).tolist()


def test_traced_probabilities_leave_the_generator_whole(seed):
    p = torch.tensor([0.0, 0.2, 0.5, 0.8, 1.0])
    torch.manual_seed(seed)
    expected = torch.bernoulli(p)
    after = torch.get_rng_state()
    torch.manual_seed(seed)
    assert jax.jit(torch.bernoulli)(p).tolist() == expected.tolist()
    assert torch.get_rng_state().equal(after)


@pytest.mark.parametrize(
    ("call", "name"),
    [(torch.poisson, "poisson"), (lambda t: torch.multinomial(t, 1), "multinomial")],
)
def test_draws_that_hang_on_traced_values_are_refused(call, name):
    with pytest.raises(NotImplementedError, match=f"^jaxnn.torch.{name} draws "):
        jax.jit(call)(torch.ones(3))


def test_gumbel_softmax_is_near_torchs():
    torch.manual_seed(0)
    soft = F.gumbel_softmax(torch.tensor([[1.0, 2.0, 3.0], [0.0, 0.0, 0.0]]), tau=0.5)
    expected = [
        [0.0005441947, 0.0326934978, 0.9667623043],
        [0.104041137, 0.6233458519, 0.2726130188],
    ]
    np.testing.assert_allclose(soft.numpy(), expected, rtol=1e-6)
    torch.manual_seed(0)
    hard = F.gumbel_softmax(torch.zeros(2, 3), hard=True)
    assert sorted(hard.ravel().tolist()) == [0, 0, 0, 0, 1, 1]
    with pytest.warns(UserWarning, match="^`eps` parameter is deprecated and has no effect.$"):
        F.gumbel_softmax(torch.zeros(2), eps=1)


def test_a_signature_is_read_as_torch_writes_it():
    @taking("f", "Tensor input, float from = 1, *, bool loud = False", "int count")
    def f(**given):
        return given

    x = torch.zeros(2)
    assert f(x, 2) == {"input": x, "from_": 2.0, "loud": False}
    assert f(x, **{"from": 3}) == {"input": x, "from_": 3.0, "loud": False}
    assert f(jnp.zeros(2))["input"].tolist() == [0, 0]
    assert f(count=np.int32(4)) == {"count": 4}
    with pytest.raises(TypeError) as caught:
        f("a", 2, 3, 4)
    assert str(caught.value) == (
        "f() received an invalid combination of arguments - got (str, int, int, int), but "
        "expected one of:\n"
        " * (Tensor input, float from = 1, *, bool loud = False)\n"
        "      didn't match because some of the arguments have invalid types: "
        "(!str!, !int!, !int!, !int!)\n"
        " * (int count)\n"
    )
