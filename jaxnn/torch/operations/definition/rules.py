"""What an operation does with types: which it computes in, returns, and refuses."""

from typing import NamedTuple

from jaxnn.torch import dtypes, promotion
from jaxnn.torch.dtypes import dtype

BOOL, INTEGER, REAL, COMPLEX, HALF = range(5)
"""Kinds of types; those of 16 bits are both ``REAL`` and ``HALF``."""


class Refusal(NamedTuple):
    """torch's error for the kinds of types that an operation does not have."""

    kinds: tuple[int, ...]
    error: type[Exception]
    text: str


class Rule(NamedTuple):
    """How an operation's types follow from the promoted type of its operands.

    Attributes:
        to_float: whether integers become the default type first, as in ``exp``.
        result: the result's type, where it is not the one computed in.
        real: whether a complex operand gives a result of its real type, as in ``abs``.
        widened: whether 16-bit types are computed in 32 bits, and rounded at the end only.
        refusals: the types that have no such operation.
    """

    to_float: bool = False
    result: dtype | None = None
    real: bool = False
    widened: bool = True
    refusals: tuple[Refusal, ...] = ()

    def refusing(self, kernel: str, *kinds: int) -> "Rule":
        """This rule without some kinds of types, for which torch lacks a kernel of this name."""
        text = f"\"{kernel}\" not implemented for '{{}}'"
        return self.raising(NotImplementedError, text, *kinds)

    def raising(self, error: type[Exception], text: str, *kinds: int) -> "Rule":
        """This rule without some kinds of types, for which torch raises this; {} is the type."""
        return self._replace(refusals=(*self.refusals, Refusal(kinds, error, text)))

    def check(self, given: dtype) -> None:
        """Raise torch's error if ``given`` is refused."""
        half = given.is_floating_point and given.itemsize == 2
        for kinds, error, text in self.refusals:
            if promotion.kind(given) in kinds or (half and HALF in kinds):
                raise error(text.format(promotion.SCALAR_NAMES[given]))

    def types(self, common: dtype) -> tuple[dtype, dtype]:
        """The types in which the operation computes and which it returns."""
        self.check(common)
        if self.to_float and promotion.is_integral(common):
            common = dtypes.get_default_dtype()
        result = promotion.to_real(common) if self.real else common
        compute = promotion.accumulator(common) if self.widened else common
        return compute, self.result or result


SAME = Rule()
FLOAT = Rule(to_float=True)
TRUTH = Rule(result=dtypes.bool, widened=False)
EXACT = Rule(widened=False)
"""As `SAME`, without rounding: what is chosen or moved and not computed needs no more bits."""
