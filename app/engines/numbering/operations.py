"""Giving numbers inside the business transaction: rolled back with it, so no gap and no double."""

from __future__ import annotations

import datetime as dt
import secrets
from collections import Counter
from collections.abc import Callable, Mapping, Sequence

import structlog

from app.core import clock, upsert
from app.core.db import session
from app.engines.numbering.calc import Number, Pattern, Period, drawn
from app.engines.numbering.models import NumberSequence

log = structlog.get_logger(__name__)
Parts = Mapping[str, str]
DRAWS = 100


def next_number(pattern: str, *, scope: str, at: dt.datetime, period: str = Period.MONTH, **parts: str) -> Number:
    """The next number of ``scope`` in the local period of ``at``; the caller's transaction holds the counter.

    Raises ``ValueError`` for a pattern that cannot be read or a part that is missing.
    """
    return reserve(pattern, [(scope, parts)], at=at, period=period)[0]


def draw_code(pattern: str, taken: Callable[[str], bool]) -> str:
    """A code by chance that nobody can order or trace back; raises ``ValueError`` when the pattern is used up."""
    for _attempt in range(DRAWS):
        if not taken(code := drawn(pattern, secrets.choice)):
            return code
    raise ValueError(f"no code of the pattern {pattern!r} is left")


def reserve(
    pattern: str, scopes: Sequence[tuple[str, Parts]], *, at: dt.datetime, period: str = Period.NEVER
) -> list[Number]:
    """One number for each (scope, parts), in the order given, with one statement; a scope may come several times."""
    if not scopes:
        return []
    form, day = Pattern.parse(pattern), clock.to_local(at).date()
    for _scope, parts in scopes:
        form.check(parts)
    wanted = Counter(scope for scope, _parts in scopes)
    last = _advance(wanted, Period(period).key(day))
    given = {scope: last[scope] - count for scope, count in wanted.items()}
    numbers = []
    for scope, parts in scopes:
        given[scope] += 1
        numbers.append(form.write(day, given[scope], parts))
    _warn(pattern, [number.text for number in numbers if number.widened])
    return numbers


def _advance(wanted: Mapping[str, int], period: str) -> dict[str, int]:
    """Move every counter on; the scopes are locked in one order, so that two transactions never wait in a circle."""
    insert, table = upsert.insert(NumberSequence), NumberSequence.__table__
    advance = insert.on_conflict_do_update(
        index_elements=["scope", "period"], set_={"n": table.c.n + insert.excluded.n}
    ).returning(table.c.scope, table.c.n)
    rows = [{"scope": scope, "period": period, "n": count} for scope, count in sorted(wanted.items())]
    return {scope: int(n) for scope, n in session.execute(advance, rows)}


def _warn(pattern: str, widened: Sequence[str]) -> None:
    if widened:
        log.warning("numbering.widened", pattern=pattern, numbers=list(widened[:10]), count=len(widened))
