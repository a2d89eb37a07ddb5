"""The demonstration, ``python -m jaxnn``: what jaxnn does, in less than a minute."""

import argparse
import importlib
import sys
import time
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from types import ModuleType
from typing import Any

import jax

from jaxnn.stopwatch import Part, Stopwatch

PARTS = {
    "introduction": "the PyTorch introduction's numbers, on the adapter and on the core",
    "train": "a network learns handwritten digits",
    "pictures": "pictures of that network, as files (trains it first)",
    "timings": "where the time went",
}
CAPTIONS = {
    "network": "the trained network, its strongest weights boldest",
    "activation": "what each hidden unit does with its input",
    "training": "the loss, step by step",
    "confusion": "which digits it takes for which",
}
EXAMPLES_SHOWN = 5
EXTRAS = {"optax": "optax", "tqdm": "tqdm", "matplotlib": "matplotlib", "sklearn": "scikit-learn"}
MISSING = """
This needs {}, which comes with jaxnn's demo extra. Install it with

    pip install "jaxnn[demo]\""""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the parts that the command line asks for; all of them if it asks for none.

    Args:
        arguments: As on the command line; by default those of the program.

    Returns:
        The exit status: 1 if a number differs from the published one, or an extra is missing.
    """
    options = _options(arguments)
    watch = Stopwatch()
    watch.parts.append(Part("start Python, import JAX", time.process_time(), 0.0))
    chosen = [part for part in PARTS if getattr(options, part)] or list(PARTS)
    print(f"jaxnn {version('jaxnn')} with JAX {jax.__version__} on {_device()}")
    agree, lesson = True, None
    try:
        if "introduction" in chosen:
            agree = _introduction(watch)
        if "train" in chosen or "pictures" in chosen:
            lesson = _train(watch, options)
        if "pictures" in chosen:
            _pictures(watch, lesson, options.output)
    except ModuleNotFoundError as error:
        package = (error.name or "").partition(".")[0]
        if package not in EXTRAS:
            raise
        print(MISSING.format(EXTRAS[package]), file=sys.stderr)
        return 1
    if "timings" in chosen:
        _title("Where the time went")
        print(watch.table())
    return 0 if agree else 1


def _introduction(watch: Stopwatch) -> bool:
    _title("The PyTorch introduction, in both worlds")
    print(
        "Two small networks, drawn with torch.manual_seed(7). The adapter runs the introduction's\n"
        "own lines on `import jaxnn.torch as torch`; the core does the same with pure functions.\n"
    )
    with watch.part("introduction"):
        introduction = _import("jaxnn.introduction")
        numbers = introduction.compare()
    print(introduction.table(numbers))
    return all(number.agrees for number in numbers)


def _train(watch: Stopwatch, options: argparse.Namespace) -> Any:
    _title("A network learns handwritten digits")
    with watch.part("import optax, scikit-learn, matplotlib"):
        digits = _import("jaxnn.digits")
    sizes = "-".join(map(str, digits.SIZES))
    print(f"An MLP of {sizes} units with relu and dropout, from manual_seed({options.seed}).\n")
    with watch.part("train"):
        lesson = digits.learn(
            seed=options.seed, epochs=options.epochs, progress=not options.no_progress
        )
    learned, tested = len(lesson.train[1]), len(lesson.test[1])
    right = round(lesson.accuracy * tested)
    print(
        f"It learned from {learned:,} images. Of {tested} that it had never seen, it reads {right} "
        f"right:\ntest accuracy {lesson.accuracy:.1%}. The first {EXAMPLES_SHOWN} of them:\n"
    )
    images = [digits.as_text(image) for image in lesson.test[0][:EXAMPLES_SHOWN]]
    for row in zip(*images, strict=True):
        print("  " + "  ".join(row).rstrip())
    answers = [f"read as {answer}" for answer in lesson.predictions[:EXAMPLES_SHOWN].tolist()]
    print("  " + "".join(f"{answer:<18}" for answer in answers).rstrip())
    return lesson


def _pictures(watch: Stopwatch, lesson: Any, folder: Path) -> None:
    _title("Pictures")
    digits = _import("jaxnn.digits")
    with watch.part("pictures"):
        figures = digits.pictures(lesson)
        paths = digits.save(figures, folder)
    width = max(len(str(path)) for path in paths)
    for name, path in zip(figures, paths, strict=True):
        print(f"{path!s:<{width}}  {CAPTIONS[name]}")


def _import(name: str) -> ModuleType:
    """Import what may need an extra, no earlier than it is needed, so that its time is seen."""
    return importlib.import_module(name)


def _title(text: str) -> None:
    print(f"\n{text}\n{'=' * len(text)}")


def _device() -> str:
    device = jax.devices()[0]
    return "the CPU" if device.platform == "cpu" else device.device_kind


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m jaxnn",
        description="Show what jaxnn does. Name the parts to run, or none for all of them.",
    )
    for part, text in PARTS.items():
        parser.add_argument(f"--{part}", action="store_true", help=text)
    parser.add_argument("--epochs", type=_count, default=60, help="of training (default: 60)")
    parser.add_argument("--seed", type=int, default=0, help="of the training (default: 0)")
    parser.add_argument(
        "--output", type=Path, default=Path("demo"), help="folder for the pictures (default: demo)"
    )
    parser.add_argument("--no-progress", action="store_true", help="show no progress bar")
    return parser.parse_args(arguments)


def _count(text: str) -> int:
    if not text.isdecimal() or text == "0":
        raise argparse.ArgumentTypeError(f"must be 1 or more, got {text}")
    return int(text)


if __name__ == "__main__":
    sys.exit(main())
