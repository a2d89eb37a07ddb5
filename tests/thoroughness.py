"""How much a long comparison compares: a part by default, all of it with ``THOROUGH=1``."""

import os
from typing import TypeVar

Amount = TypeVar("Amount")

THOROUGH = os.environ.get("THOROUGH", "0") != "0"


def amount(usual: Amount, thorough: Amount) -> Amount:
    """The one or the other, as the environment asks."""
    return thorough if THOROUGH else usual
