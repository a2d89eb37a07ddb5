"""Make nn_init.npz: what torch's nn.init writes, as digests, and what it says.

Run from the root of the repository: python -m tests.golden.make_nn_init
"""

import numpy as np
import torch

from tests import torch_core
from tests.torch.init_cases import CALLS, MESSAGES, digest_of, run, said


def main() -> None:
    """Write the file."""
    digests = []
    for program in CALLS:
        tensor, generator = run(program, torch)
        states = (
            state.numpy().tobytes() for state in (torch.get_rng_state(), generator.get_state())
        )
        digests.append(digest_of(torch_core.to_numpy(tensor), *states))
    texts = [said(program, torch) for program in MESSAGES]
    columns = {"calls": CALLS, "digests": digests, "messages": MESSAGES, "texts": texts}
    torch_core.save_golden(__file__, {name: np.array(column) for name, column in columns.items()})


if __name__ == "__main__":
    main()
