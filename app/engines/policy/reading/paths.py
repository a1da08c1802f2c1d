"""A place of a pack in words, for whoever compares versions without knowing the format."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

from app.core.lifecycle import Words

SECTIONS: Mapping[str, Any] = {
    "title": _l("Title"), "version": _l("Version"), "effective": _l("Effective from"), "source": _l("Source"),
    "organisation": _l("Organisation"), "summary": _l("Summary"), "calendar": _l("Working calendar"),
    "parameters": _l("Settings"), "posts": _l("Posts"), "cases": _l("Cases"), "clocks": _l("Time limits"),
    "authority": _l("Authority"), "approvals": _l("Approvals"), "numbering": _l("Numbers"), "slips": _l("Slips"),
    "prints": _l("Prints and copies"), "tasks": _l("Recurring work"), "reports": _l("Statistics"),
    "prohibitions": _l("Prohibitions"), "conduct": _l("Rules of conduct"), "tiers": _l("Classes"),
    "limits": _l("Ceilings"), "calculations": _l("Calculations"), "texts": _l("Sentences shown"),
}
PARTS: Mapping[str, Any] = {
    "value": _l("value"), "number": _l("number"), "unit": _l("unit"), "label": _l("name"), "zh": _l("Chinese"),
    "en": _l("English"), "clause": _l("clause"), "basis": _l("basis"), "minimum": _l("at least"),
    "maximum": _l("at most"), "allowances": _l("allowance"), "when": _l("condition"), "bands": _l("band"),
    "up_to": _l("at most"), "above": _l("above"), "start": _l("start"), "below": _l("below"), "posts": _l("posts"),
    "post": _l("post"), "requires": _l("needed fields"), "writes": _l("fields to write"), "guards": _l("checks"),
    "effects": _l("effects"), "states": _l("states"), "moves": _l("steps"), "editable": _l("fields to type in"),
    "holder": _l("held by"), "warn_before": _l("warned before"), "escalation": _l("escalation"), "after": _l("after"),
    "responsible": _l("responsible"), "cap": _l("no longer than"), "due": _l("due"), "stations": _l("station"),
    "outcomes": _l("outcome"), "duties": _l("duties"), "hours": _l("office hours"), "from": _l("from"), "to": _l("to"),
    "rules": _l("rules of fields"), "opinions": _l("fields of posts"), "formula": _l("formula"), "body": _l("text"),
    "title": _l("title"), "copies": _l("copies"), "criteria": _l("criterion"), "rule": _l("rule"), "role": _l("role"),
    "register": _l("register"), "pattern": _l("pattern"), "clocks": _l("time limits"), "stop": _l("end"),
    "tone": _l("tone"), "type": _l("type"), "choices": _l("choices"), "steps": _l("stations"), "example": _l("example"),
}


def in_words(content: Mapping[str, Any], path: str) -> str:
    """The way to a place: section, the names that entries bear, then what of them."""
    section, *rest = path.split(".")
    said = [str(SECTIONS.get(section, section))]
    place: Any = content.get(section)
    for step in rest:
        place = _within(place, step)
        said.append(_name(place, step))
    return " · ".join(said)


def _within(place: Any, step: str) -> Any:
    if isinstance(place, Mapping):
        return place.get(step)
    known = isinstance(place, list) and step.isdecimal() and int(step) < len(place)
    return place[int(step)] if known else None


def _name(place: Any, step: str) -> str:
    """What an entry calls itself; else what its key means, counted from one in lists."""
    if isinstance(place, Mapping):
        for own in ("label", "title", "subject"):
            if isinstance(named := place.get(own), Mapping) and {"zh", "en"} <= set(named):
                return _spoken(named)
    return str(int(step) + 1) if step.isdecimal() else str(PARTS.get(step, step))


def _spoken(pair: Mapping[str, str]) -> str:

    return str(Words(pair["zh"], pair["en"]))
