"""Statements and an expression in a line of text, evaluated with torch or with the adapter."""

import warnings
from collections.abc import Callable
from typing import Any


def told(
    line: str, given: dict[str, Any], describe: Callable[[Any], str]
) -> tuple[str, list[warnings.WarningMessage]]:
    """The text of what a line gives or raises, and what it warns of.

    Args:
        line: Statements separated by "; ", of which the last is the expression.
        given: The names that they may use.
        describe: From the expression's value to its text; an error is told as "Type: message", by
            the built-in type that it is of.
    """
    *statements, last = line.split("; ")
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            for statement in statements:
                exec(statement, given)
            text = describe(eval(last, given))
        except Exception as error:
            kind = next(k for k in type(error).__mro__ if k.__module__ == "builtins")
            text = f"{kind.__name__}: {error}"
    return text, caught
