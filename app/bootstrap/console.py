"""What a person at the console reads: one line per step, and refusals as sentences in both languages."""

from __future__ import annotations

import sys
import unicodedata
from collections.abc import Iterator, Sequence
from contextlib import contextmanager


class SetupError(Exception):
    """A reason not to go on that the operator can remove; shown without a traceback."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(f"{zh} · {en}")


_hearers: list[list[str]] = []


def say(zh: str, en: str) -> None:
    """One line about what happens now."""
    line = f"{zh} · {en}"
    print(line, flush=True)
    for hearer in _hearers:
        hearer.append(line)


@contextmanager
def heard(lines: list[str]) -> Iterator[None]:
    """Add to ``lines`` what is said in the block."""
    _hearers.append(lines)
    try:
        yield
    finally:
        _hearers.remove(lines)


def complain(problem: SetupError) -> int:
    """Print a refusal to stderr; the exit code."""
    print(problem, file=sys.stderr, flush=True)
    return 1


def confirm(zh: str, en: str) -> bool:
    """Ask yes or no; without a terminal the answer is no."""
    if not sys.stdin.isatty():
        return False
    return input(f"{zh} · {en} [y/N] ").strip().lower() in {"y", "yes", "是"}


def table(rows: Sequence[Sequence[str]]) -> str:
    """Columns padded to equal width, a Chinese character counting as two."""
    widths = [max(map(_width, column)) for column in zip(*rows, strict=True)]
    lines = ("  ".join(c + " " * (w - _width(c)) for c, w in zip(row, widths, strict=True)) for row in rows)
    return "\n".join(f"  {line.rstrip()}" for line in lines)


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)
