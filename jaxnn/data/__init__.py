"""In which order training sees its data: epochs, splits and batches, drawn as torch draws them.

Orders are arrays of indices. Within a ``DataLoader`` that was given a sampler, torch draws the
loader's `base_seed` before the sampler's order, from the loader's generator or the default one.
"""

from jaxnn.data.batching import batches as batches
from jaxnn.data.orders import base_seed as base_seed
from jaxnn.data.orders import epoch_order as epoch_order
from jaxnn.data.orders import random_order as random_order
from jaxnn.data.samplers import distributed_order as distributed_order
from jaxnn.data.samplers import subset_order as subset_order
from jaxnn.data.samplers import weighted_order as weighted_order
from jaxnn.data.samples import as_batch_size as as_batch_size
from jaxnn.data.samples import check_pair as check_pair
from jaxnn.data.samples import count_samples as count_samples
from jaxnn.data.samples import take_samples as take_samples
from jaxnn.data.splits import random_split as random_split

for _public in (
    base_seed, batches, distributed_order, epoch_order, random_order, random_split, subset_order,
    take_samples, weighted_order,
):  # fmt: skip
    _public.__module__ = __name__  # where users find it, whatever file it stands in
