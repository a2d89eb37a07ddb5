"""Random numbers by explicit state: JAX keys, or torch's own streams bit for bit.

Every function takes ``rng`` first. A JAX key gives JAX's numbers in JAX's way. A `Generator` gives
the numbers that torch's generator of the same seed gives, and is advanced by the draw.
"""

from jaxnn.random.choices import multinomial as multinomial
from jaxnn.random.continuous import normal as normal
from jaxnn.random.continuous import uniform as uniform
from jaxnn.random.counts import binomial as binomial
from jaxnn.random.counts import poisson as poisson
from jaxnn.random.cuda.profiles import PROFILES as PROFILES
from jaxnn.random.cuda.profiles import Profile as Profile
from jaxnn.random.discrete import bernoulli as bernoulli
from jaxnn.random.discrete import permutation as permutation
from jaxnn.random.discrete import randint as randint
from jaxnn.random.explain import TORCH_RELEASE as TORCH_RELEASE
from jaxnn.random.explain import Explanation as Explanation
from jaxnn.random.explain import explain as explain
from jaxnn.random.gammas import dirichlet as dirichlet
from jaxnn.random.gammas import gamma as gamma
from jaxnn.random.generator import Generator as Generator
from jaxnn.random.transformed import cauchy as cauchy
from jaxnn.random.transformed import exponential as exponential
from jaxnn.random.transformed import geometric as geometric
from jaxnn.random.transformed import log_normal as log_normal

for _public in (
    Explanation,
    Generator,
    Profile,
    bernoulli,
    binomial,
    cauchy,
    dirichlet,
    explain,
    exponential,
    gamma,
    geometric,
    log_normal,
    multinomial,
    normal,
    permutation,
    poisson,
    randint,
    uniform,
):
    _public.__module__ = __name__  # where users find it, whatever file it stands in
