"""Trials in words: how a limit is counted, whose settings it takes, days with their weekday."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from flask_babel import get_locale
from flask_babel import gettext as _

from app.core import clock
from app.core.shell import WEEKDAYS
from app.engines.deadlines.allowance import End
from app.engines.deadlines.cards import allowance_words
from app.engines.deadlines.explain import Piece
from app.engines.deadlines.trial import Trial
from app.engines.policy.reading.limits import value_of
from app.engines.policy.reading.words import bounds, plain
from app.screens.trying import Chosen

Told = Mapping[str, Any]


def weekday(day: dt.date) -> str:
    """The short name of a day of the week."""
    english = str(get_locale() or "zh").startswith("en")
    name = WEEKDAYS["en" if english else "zh"][day.weekday()]
    return name if english else f"周{name}"


def exact(at: dt.datetime) -> str:
    """An instant with its weekday; seconds only where there are some."""
    local = clock.to_local(at)
    return f"{local:%Y-%m-%d} {weekday(local.date())} {local:{'%H:%M:%S' if local.second else '%H:%M'}}"


def limit(found: Trial) -> str:
    """How much time a clock gives."""
    if found.allowance is not None:
        return allowance_words(found.allowance)
    until = next((given.until_field for given in found.spec.allowances if given.until_field), "")
    return _("until a day that a field names") if until else ""


def rule(chosen: Chosen, found: Trial) -> list[str]:
    """The rule behind a due instant, a sentence for each piece."""
    reckoned = found.reckoned
    if reckoned is None:
        return [_("No limit: none of the conditions holds.") if found.granted is None else _("No limit is given yet.")]
    if reckoned.allowed is None:
        return [_("The day of the field decides."), *([_cap_words(chosen, found)] if reckoned.capped else [])]
    said = [_piece(chosen, found, piece) for piece in reckoned.allowed.explanation.rule]
    return [text for text in said if text]


def _piece(chosen: Chosen, found: Trial, piece: Piece) -> str:
    if piece.key == "cap":
        return _cap_words(chosen, found)
    worded = PIECES.get(piece.key)
    return worded(found, piece.values) if worded else ""


def _count(found: Trial, _told: Told) -> str:
    assert found.allowance is not None
    return _("%(limit)s are given.", limit=allowance_words(found.allowance))


def _part_of_day(_found: Trial, told: Told) -> str:
    return _("A part of a day is counted in hours: %(hours)s.", hours=plain(told["hours"]))


def _office_hours(_found: Trial, told: Told) -> str:
    spans = _(", ").join(f"{first:%H:%M}–{last:%H:%M}" for first, last in told["spans"])
    return _("Office hours are %(spans)s.", spans=spans)


def _first_day(_found: Trial, told: Told) -> str:
    return _("The day of the start counts.") if told["counts"] else _("The day of the start does not count.")


def _end(_found: Trial, told: Told) -> str:
    if isinstance(told["end"], dt.time):
        return _("It ends at %(time)s of the last day.", time=f"{told['end']:%H:%M}")
    to_the_minute = told["end"] == End.TO_THE_MINUTE
    return _("It ends at the time of the start.") if to_the_minute else _("It ends with the last day.")


def _on(_found: Trial, told: Told) -> str:
    return _("From %(before)s it moves on to %(after)s.", before=exact(told["from"]), after=exact(told["to"]))


def _earlier(_found: Trial, told: Told) -> str:
    return _("The earlier day of the field decides.") if told["applied"] else ""


PIECES: Mapping[str, Callable[[Trial, Told], str]] = {
    "start": lambda _found, told: _("Begins %(at)s.", at=exact(told["at"])), "count": _count,
    "part_of_day": _part_of_day, "office_hours": _office_hours, "first_day": _first_day, "end": _end,
    "rolled": _on, "quiet": _on, "earlier_of": _earlier,
}


def _cap_words(chosen: Chosen, found: Trial) -> str:
    if found.cap is None or found.spec.cap is None:
        return ""
    told = {"clock": chosen.pack.clocks[found.spec.cap].label, "at": exact(found.cap)}
    if found.reckoned is not None and found.reckoned.capped:
        return _("It never outlives “%(clock)s”: %(at)s decides.", **told)
    return _("It stays within “%(clock)s”, due %(at)s.", **told)


def settings_used(chosen: Chosen, keys: Iterable[str]) -> Iterator[dict[str, Any]]:
    """The settings that an entry takes: the value that holds, whose it is, its clause."""
    for key in dict.fromkeys(keys):
        parameter = chosen.pack.parameters[key]
        own = chosen.settings.given.get(key)
        text = value_of(parameter, own or parameter.value)
        whose = _("the unit's own") if own else _("the policy's")
        yield {
            "key": key, "label": str(parameter.label), "value": text, "own": bool(own), "whose": whose,
            "clause": parameter.clause, "basis": parameter.basis,
        }  # fmt: skip


def refs(values: Iterable[Any]) -> list[str]:
    """The settings that some values of a pack stand for."""
    return [value.key for value in values if hasattr(value, "key")]


def stretch(band: Any) -> str:
    """The bounds of a band."""
    return bounds(band) or _("any amount")


def figure(value: Any) -> str:
    """A figure that goes with a class."""
    return plain(value) if isinstance(value, Decimal) else str(value)
