"""torch's CUDA stream: the Philox engine, and what torch's CUDA kernels make of its words.

Every distribution is a pure function of a `State` and a static count that returns ``(samples,
state)``: the samples flat, in the order in which torch fills memory. It runs on any device.
"""

from jaxnn.random.cuda.continuous import cauchy as cauchy
from jaxnn.random.cuda.continuous import exponential as exponential
from jaxnn.random.cuda.continuous import geometric as geometric
from jaxnn.random.cuda.continuous import log_normal as log_normal
from jaxnn.random.cuda.continuous import normal as normal
from jaxnn.random.cuda.continuous import scalar_normal as scalar_normal
from jaxnn.random.cuda.continuous import uniform as uniform
from jaxnn.random.cuda.discrete import bernoulli as bernoulli
from jaxnn.random.cuda.discrete import bernoulli_each as bernoulli_each
from jaxnn.random.cuda.discrete import randint as randint
from jaxnn.random.cuda.discrete import threshold as threshold
from jaxnn.random.cuda.dropout import dropout_mask as dropout_mask
from jaxnn.random.cuda.randperm import permutation as permutation
from jaxnn.random.cuda.state import State as State
from jaxnn.random.cuda.state import from_bytes as from_bytes
from jaxnn.random.cuda.state import from_seed as from_seed
from jaxnn.random.cuda.state import jump as jump
from jaxnn.random.cuda.state import lanes as lanes
from jaxnn.random.cuda.state import to_bytes as to_bytes
