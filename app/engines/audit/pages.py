"""The course of a case beside its page: who did what and when, the newest first; and every field that was changed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

from flask_babel import gettext as _
from markupsafe import Markup

from app.core import clock, forms, pages, past, values
from app.core.fieldspec import FieldSpec
from app.core.lifecycle import Lifecycle
from app.core.pages import ShowPage, pasts
from app.core.together import Names, Talk
from app.engines.audit import operations
from app.engines.audit.operations import Entry

SHOWN = 40
CHANGES = 100
TONES = {"create": "mute", "move": "ok", "act": "hold", "update": "info", "delete": "late"}
BY_ITSELF = {"act": "late"}
STATE = "status"
Act = list[Entry]
Change = tuple[Entry, FieldSpec, Any, Any]


def show_course(page: ShowPage) -> Talk:
    """The timeline of a record, one entry per act; who left each station when; a tab with the fields changed."""
    if not page.whole.register.log:
        return
    entries = operations.history(page.whole.register.guarded_by, page.record.id)
    found = _changes(page, entries)
    names = yield Names(_references(found[:CHANGES]))
    page.timeline.extend(course(entries, page.whole.fields, page.life))
    for act in _acts(entries):
        _pass_stations(page.header["steps"], act)
    if found:
        page.tabs.append(_tab(page, found, names))


def course(entries: Sequence[Entry], specs: Mapping[str, FieldSpec], life: Lifecycle | None) -> list[dict[str, Any]]:
    """What happened to a row, one entry per act, the newest first."""
    return [_line(act, specs, life) for act in reversed(_acts(entries)[-SHOWN:])]


def _acts(entries: Sequence[Entry]) -> list[Act]:
    return [list(same) for _act, same in groupby(entries, key=lambda entry: entry.act)]


# -- timeline and stations ---------------------------------------------------------------------------------------------


def _line(act: Act, specs: Mapping[str, FieldSpec], life: Lifecycle | None) -> dict[str, Any]:
    told = _told(act)
    besides = dict.fromkeys(entry.sentence for entry in act if entry.sentence and entry is not told)
    what = told.sentence or (_("Recorded") if told.kind == "create" else _("Changed"))
    tones = TONES if told.account_id else TONES | BY_ITSELF
    return {
        "tone": tones.get(told.kind, "info"), "when": values.short(told.at), "at": told.at,
        "when_exact": clock.to_local(told.at).strftime("%Y-%m-%d %H:%M:%S"), "what": _once(_who(told), what),
        "sub": " · ".join(filter(None, (*besides, _fields(act, specs)))), "quote": told.reason,
        "clause": forms.clause_link(life.page if life else "", told.clause),
    }


def _once(who: str, what: str) -> str:
    """A sentence after its person, who is not named twice when it begins with him."""
    return what if what.startswith(who) else f"{who} · {what}"


def _told(act: Act) -> Entry:
    return next((entry for entry in act if entry.sentence), act[0])


def _who(entry: Entry) -> str:
    return past.by_whom(entry.who, entry.key)


def _fields(act: Act, specs: Mapping[str, FieldSpec]) -> str:
    """The labels of what was written, without the stamps that every change brings; of a plain change what it worked."""
    names = [name for name in dict.fromkeys(name for entry in act for name in entry.changes) if name in specs]
    typed = [name for name in names if not specs[name].computed]
    if not typed and all(entry.kind == "update" for entry in act):
        typed = names
    return _(", ").join(str(specs[name].label) for name in typed)


def _pass_stations(steps: list[dict[str, Any]], act: Act) -> None:
    """Who left a station, or reached the last one, and when; a later passing counts."""
    for entry in act:
        if STATE not in entry.changes:
            continue
        left, entered = entry.changes[STATE]
        for step in steps:
            passed = left in step["states"] and entered not in step["states"]
            if step["status"] == "done" and (passed or (step is steps[-1] and entered in step["states"])):
                step["who"], step["when"] = _who(_told(act)), values.short(entry.at)


# -- changes -----------------------------------------------------------------------------------------------------------


def _changes(page: ShowPage, entries: Sequence[Entry]) -> list[Change]:
    """The old and the new value of every field that people read, the newest first."""
    specs = {name: spec for name, spec in page.whole.fields.items() if spec.kind.name != "json"}
    found = [(e, specs[name], *e.changes[name]) for e in reversed(entries) for name in e.changes if name in specs]
    read = [(entry, spec, past.read(spec, old), past.read(spec, new)) for entry, spec, old, new in found[:CHANGES]]
    return [*read, *found[CHANGES:]]


def _tab(page: ShowPage, found: Sequence[Change], names: values.Names) -> dict[str, Any]:
    """A tab with the latest changes."""
    rows = [{"cells": [
        Markup('<span class="kz-num">{}</span>').format(values.short(entry.at)), _who(entry), spec.label,
        _worded(page, spec, old, names), _worded(page, spec, new, names),
    ]} for entry, spec, old, new in found[:CHANGES]]
    heads = (_("Time"), _("Who"), _("Field"), _("Before"), _("After"))
    table = {"columns": [{"label": head} for head in heads], "rows": rows}
    return {
        "key": "changes", "label": _("Changes"), "count": len(found), "table": table,
        "all": pasts.versions_url(page.whole), "all_label": _("All versions: compare, restore"),
    }


def _references(found: Iterable[Change]) -> Iterator[tuple[str, int]]:
    for _entry, spec, *both in found:
        for value in both if spec.target else ():
            yield from ((spec.target, key) for key in (value if isinstance(value, list) else [value]) if key)


def _worded(page: ShowPage, spec: FieldSpec, value: Any, names: values.Names) -> Any:
    if value in (None, "", []):
        return values.DASH
    unread = isinstance(value, str) and spec.kind.name in ("date", "datetime")
    if unread or spec.kind.name in ("personal", "files", "json"):
        return str(value)
    return values.html(spec, value, names, page.life)


pages.on_show(show_course, order=90)
