"""Write what torch prints into the transcripts of tests/introduction/programs/.

A program is added there by hand, as lines that begin with ``>>>`` and ``...``; this fills in the
rest. Run from the repository's root: python -m tests.golden.make_introduction_programs
"""

import torch

from tests.introduction_programs import path, programs, transcript


def main() -> None:
    """Rewrite every transcript in place."""
    for program in programs():
        file = path(program.document)
        text = file.read_text(encoding="utf-8")
        assert text.count(program.transcript) == 1, f"two programs alike: {program.title}"
        file.write_text(text.replace(program.transcript, transcript(program, torch)), "utf-8")


if __name__ == "__main__":
    main()
