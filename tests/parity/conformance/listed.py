"""The list of what cannot pass, with the reasons: ``exceptions.json``."""

import fnmatch
import json
from pathlib import Path

#: By operation, then by "type face" with ``*`` for any: the reason.
LISTED: dict[str, dict[str, str]] = json.loads(
    Path(__file__).with_name("exceptions.json").read_text()
)


def reason(operation: str, dtype: str, face: str) -> str | None:
    """Why an operation cannot pass for a type and a face, or None where nothing excuses it."""
    for pattern, why in LISTED.get(operation, {}).items():
        if fnmatch.fnmatchcase(f"{dtype} {face}", pattern):
            return why
    return None
