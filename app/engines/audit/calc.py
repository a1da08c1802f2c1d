"""The arithmetic of sealing: stretches of ids, and the hash over entries in one canonical form."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from itertools import islice, takewhile
from math import inf
from typing import Any

Span = tuple[int, int]
GENESIS = "0" * 64


def runs(ids: Iterable[int]) -> list[Span]:
    """Rising ids as spans without a gap, both ends included."""
    found: list[Span] = []
    for number in ids:
        if found and found[-1][1] == number - 1:
            found[-1] = (found[-1][0], number)
        else:
            found.append((number, number))
    return found


def subtract(spans: Iterable[Span], taken: Iterable[Span]) -> list[Span]:
    """What is left of the spans without the taken ones, rising; neither list may overlap itself."""
    left: list[Span] = []
    holes, start = sorted(taken), 0
    for first, last in sorted(spans):
        while start < len(holes) and holes[start][1] < first:
            start += 1
        for low, high in takewhile(lambda hole: hole[0] <= last, islice(holes, start, None)):  # noqa: B023 - used at once
            if first < low:
                left.append((first, low - 1))
            first = max(first, high + 1)
        if first <= last:
            left.append((first, last))
    return left


def inside(number: int, spans: Sequence[Span]) -> bool:
    """Whether an id lies in one of the spans, which rise."""
    place = bisect_right(spans, (number, inf))
    return place > 0 and number <= spans[place - 1][1]


def digest(header: Mapping[str, Any], rows: Iterable[Sequence[Any]]) -> str:
    """SHA-256 over the description of a seal (which names the seal before it) and over its entries."""
    sealed = hashlib.sha256(_canonical(header))
    for row in rows:
        sealed.update(b"\n" + _canonical(list(row)))
    return sealed.hexdigest()


def _canonical(value: Any) -> bytes:
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=_instant).encode()


def _instant(value: dt.datetime) -> str:
    return value.astimezone(dt.UTC).isoformat(timespec="microseconds")
