"""The cards whose streams can be drawn: all that torch's kernels ask of a GPU are two numbers."""

import dataclasses

from jaxnn._checks import check_choice, complaint

BLOCK = 256  # threads of a block in torch's distribution kernels


@dataclasses.dataclass(frozen=True)
class Profile:
    """What decides a GPU's share of torch's CUDA stream: how many threads it runs at once.

    torch starts one thread a number, but at most as many as the GPU holds; from there on each
    thread makes several. So cards agree on draws of up to `threads` numbers, and cards of equal
    numbers agree on all.

    Args:
        sms: streaming multiprocessors, ``torch.cuda.get_device_properties(0)``'s
            ``multi_processor_count``.
        threads_per_sm: threads that each holds, there ``max_threads_per_multi_processor``.

    Raises:
        ValueError: unless sms is at least 1 and threads_per_sm at least 256, a block's.

    Example:
        >>> import jaxnn
        >>> slice_of_a100 = jaxnn.random.Profile(sms=42, threads_per_sm=2048)
        >>> slice_of_a100.threads
        86016
    """

    sms: int
    threads_per_sm: int

    def __post_init__(self) -> None:
        if self.sms < 1 or self.threads_per_sm < BLOCK:
            must = f"sms must be at least 1 and threads_per_sm at least {BLOCK}"
            came = f"{self.sms} and {self.threads_per_sm}"
            instead = "see torch.cuda.get_device_properties(0)"
            raise ValueError(complaint("Profile", must, came, instead))

    @property
    def threads(self) -> int:
        """The most threads that torch starts for a draw."""
        return BLOCK * self.sms * (self.threads_per_sm // BLOCK)


#: Cards by name. Sources: NVIDIA's architecture white papers; threads by compute capability, in
#: the CUDA C++ Programming Guide.
PROFILES = {
    "P100": Profile(56, 2048),
    "V100": Profile(80, 2048),
    "T4": Profile(40, 1024),
    "RTX 2070 Super": Profile(40, 1024),
    "RTX 2080 Ti": Profile(68, 1024),
    "Titan RTX": Profile(72, 1024),
    "A100": Profile(108, 2048),
    "A30": Profile(56, 2048),
    "A10": Profile(72, 1536),
    "A10G": Profile(80, 1536),
    "A40": Profile(84, 1536),
    "RTX A4000": Profile(48, 1536),
    "RTX A5000": Profile(64, 1536),
    "RTX A6000": Profile(84, 1536),
    "RTX 3060": Profile(28, 1536),
    "RTX 3070": Profile(46, 1536),
    "RTX 3080": Profile(68, 1536),
    "RTX 3090": Profile(82, 1536),
    "L4": Profile(58, 1536),
    "L40": Profile(142, 1536),
    "L40S": Profile(142, 1536),
    "RTX 4070": Profile(46, 1536),
    "RTX 4080": Profile(76, 1536),
    "RTX 4090": Profile(128, 1536),
    "H100 PCIe": Profile(114, 2048),
    "H100 SXM": Profile(132, 2048),
    "H200": Profile(132, 2048),
    "B200": Profile(148, 2048),
    "RTX 5090": Profile(170, 1536),
}

DEFAULT = PROFILES["A100"]


def as_profile(profile: str | Profile | None) -> Profile:
    """Return a card by its name, a profile as it is, and for None the A100's.

    Raises:
        ValueError: for a name that is not in `PROFILES`.
    """
    if profile is None:
        return DEFAULT
    if isinstance(profile, Profile):
        return profile
    check_choice("Generator", "profile", profile, tuple(PROFILES))
    return PROFILES[profile]
