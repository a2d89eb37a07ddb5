"""torch's CPU stream: the MT19937 engine, and what torch's CPU kernels make of its words.

Every distribution is a pure function of a `State` and a static count that returns ``(samples,
state)``: the samples flat, in the order in which torch fills memory.
"""

from jaxnn.random.cpu.binomial import binomial as binomial
from jaxnn.random.cpu.continuous import BLOCK as BLOCK
from jaxnn.random.cpu.continuous import normal as normal
from jaxnn.random.cpu.continuous import scalar_normal as scalar_normal
from jaxnn.random.cpu.continuous import uniform as uniform
from jaxnn.random.cpu.continuous import words_of_normal as words_of_normal
from jaxnn.random.cpu.continuous import words_of_uniform as words_of_uniform
from jaxnn.random.cpu.discrete import bernoulli as bernoulli
from jaxnn.random.cpu.discrete import bernoulli_each as bernoulli_each
from jaxnn.random.cpu.discrete import permutation as permutation
from jaxnn.random.cpu.discrete import randint as randint
from jaxnn.random.cpu.discrete import threshold as threshold
from jaxnn.random.cpu.gamma import dirichlet as dirichlet
from jaxnn.random.cpu.gamma import gamma as gamma
from jaxnn.random.cpu.jump_ahead import jump as jump
from jaxnn.random.cpu.jump_ahead import lanes as lanes
from jaxnn.random.cpu.multinomial import multinomial as multinomial
from jaxnn.random.cpu.poisson import poisson as poisson
from jaxnn.random.cpu.state import State as State
from jaxnn.random.cpu.state import from_bytes as from_bytes
from jaxnn.random.cpu.state import from_seed as from_seed
from jaxnn.random.cpu.state import to_bytes as to_bytes
from jaxnn.random.cpu.transformed import cauchy as cauchy
from jaxnn.random.cpu.transformed import exponential as exponential
from jaxnn.random.cpu.transformed import geometric as geometric
from jaxnn.random.cpu.transformed import log_normal as log_normal
