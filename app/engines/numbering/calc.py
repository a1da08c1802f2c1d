"""The pattern language of numbers, and the period in which a counter starts anew."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

DATE_PARTS = {"YYYY": "%Y", "YY": "%y", "MM": "%m", "DD": "%d"}
SIGNS = "ACDEFGHJKMNPQRTUVWXY34679"
"""Signs of drawn codes: none is taken for another when a label is read."""
_DRAWN = re.compile(r"\{random:0([1-9])\}")
_PLACE = re.compile(r"\{([A-Za-z_]+)(?::0([1-9]))?\}")


class Period(StrEnum):
    """After how long a counter starts at 1 again."""

    DAY = "day"
    MONTH = "month"
    YEAR = "year"
    NEVER = "never"

    def key(self, day: dt.date) -> str:
        """The period that ``day`` (local) lies in."""
        return day.strftime({"day": "%Y-%m-%d", "month": "%Y-%m", "year": "%Y", "never": ""}[self.value])


@dataclass(frozen=True)
class Number:
    """A number as written; ``widened`` when the counter outgrew the digits that its pattern foresees."""

    text: str
    n: int
    widened: bool = False


@dataclass(frozen=True)
class Pattern:
    """A checked pattern such as ``{YY}{MM}{seq:02}`` or ``{case}-C{seq}``."""

    text: str
    names: frozenset[str]
    digits: int

    @classmethod
    @lru_cache(maxsize=500)
    def parse(cls, text: str) -> Pattern:
        """Read a pattern; raises ``ValueError`` unless it has one ``{seq}`` and every place can be read."""
        places = _PLACE.findall(text)
        if set("{}") & set(_PLACE.sub("", text)):
            raise ValueError(f"the number pattern {text!r} has a place that cannot be read")
        if [name for name, _width in places].count("seq") != 1:
            raise ValueError(f"the number pattern {text!r} needs {{seq}} exactly once")
        if any(width for name, width in places if name != "seq"):
            raise ValueError(f"only {{seq}} has digits in the number pattern {text!r}")
        digits = next(int(width or 0) for name, width in places if name == "seq")
        return cls(text, frozenset(name for name, _width in places) - {"seq", *DATE_PARTS}, digits)

    def check(self, parts: Mapping[str, str]) -> None:
        """Raise ``ValueError`` when a part that the pattern names is missing or empty."""
        if missing := sorted(name for name in self.names if not parts.get(name)):
            raise ValueError(f"the number pattern {self.text!r} needs {', '.join(missing)}")

    def write(self, day: dt.date, n: int, parts: Mapping[str, str]) -> Number:
        """The ``n``-th number on ``day`` (local)."""
        dates = {name: day.strftime(form) for name, form in DATE_PARTS.items() if f"{{{name}}}" in self.text}
        values = dates | dict(parts)
        values["seq"] = f"{n:0{self.digits}d}" if self.digits else str(n)
        text = _PLACE.sub(lambda place: values[place[1]], self.text)
        return Number(text, n, widened=bool(self.digits) and n >= 10**self.digits)


def drawn(pattern: str, pick: Callable[[str], str]) -> str:
    """A code by a pattern such as ``M{random:06}``: ``pick`` chooses each sign, so nothing follows from its order."""
    if len(_DRAWN.findall(pattern)) != 1:
        raise ValueError(f"the code pattern {pattern!r} needs {{random:0n}} exactly once")
    return _DRAWN.sub(lambda place: "".join(pick(SIGNS) for _sign in range(int(place[1]))), pattern)
