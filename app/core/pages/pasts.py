"""The pages of a row's history: its saved states, two of them side by side, and one brought back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from app.core import clock, moves, past, restoring, saving, values
from app.core.errors import Problem
from app.core.lifecycle import Lifecycle
from app.core.pages.links import url
from app.core.past import Version
from app.core.restoring import Then
from app.core.whole import Whole

SIZE = 20
TONES = {"create": "mute", "update": "info", "act": "hold", "move": "ok", "delete": "late"}


def history_page(whole: Whole, page: int, keys: tuple[int | None, int | None]) -> dict[str, Any]:
    """The saved states of a row, the newest first; with two ``keys`` also what differs between them."""
    register, record = whole.register, whole.record
    found, total = restoring.trail_of(whole).versions(register.slug, record.id, page, SIZE)
    life = moves.lifecycle_of(record)
    may = saving.may_edit(record, life)
    rows = [_row(whole, version, may and (page > 1 or place > 0)) for place, version in enumerate(found)]
    return _head(whole, _("Versions")) | {
        "rows": rows, "total": total, "action": url(register, "history", pk=record.id), "older_key": keys[0],
        "newer_key": keys[1], "compared": _compared(whole, life, *keys) if any(keys) else None,
        "prev_url": url(register, "history", pk=record.id, page=page - 1) if page > 1 else "",
        "next_url": url(register, "history", pk=record.id, page=page + 1) if total > page * SIZE else "",
    }  # fmt: skip


def _head(whole: Whole, title: str) -> dict[str, Any]:
    register, record = whole.register, whole.record
    number = values.title_text(register.slug, whole.get(register.title)) or f"#{record.id}"
    return {
        "title": title, "subtitle": number, "back": url(register, "show", pk=record.id),
        "breadcrumbs": [{"label": register.label, "url": url(register, "list")},
                        {"label": number, "url": url(register, "show", pk=record.id)}],
    }  # fmt: skip


def _row(whole: Whole, version: Version, may: bool) -> dict[str, Any]:
    record = whole.record
    labels = [str(whole.fields[name].label) for name in version.names if name in whole.fields]
    return {
        "key": version.id, "number": version.number, "when": clock.to_local(version.at).strftime("%Y-%m-%d %H:%M:%S"),
        "who": past.by_whom(version.who), "tone": TONES.get(version.kind, "info"), "fields": labels,
        "what": version.sentence or (_("Recorded") if version.kind == "create" else _("Changed")),
        "reason": version.reason,
        "restore_url": url(whole.register, "restore", pk=record.id, at=version.id) if may else "",
    }  # fmt: skip


def _compared(whole: Whole, life: Lifecycle | None, older: int | None, newer: int | None) -> dict[str, Any]:
    """Two saved states field by field; without a second one the row as it is now."""
    sides = [restoring.version_of(whole, key) if key else None for key in sorted((older, newer), key=_by_time)]
    first, second = (restoring.state_at(whole, side.id if side else None) for side in sides)
    specs = restoring.compared(whole)
    differing = [spec for name, spec in specs.items() if first[name] != second[name]]
    names = values.names_of(_referred(differing, (first, second)))
    rows = [{"label": spec.label, "old": _text(spec, first[spec.name], names, life),
             "new": _text(spec, second[spec.name], names, life)} for spec in differing]
    return {"old": _side(sides[0]), "new": _side(sides[1]), "rows": rows}


def _by_time(key: int | None) -> float:
    return key if key is not None else float("inf")


def _side(version: Version | None) -> str:
    if version is None:
        return _("Now")
    when = clock.to_local(version.at).strftime("%Y-%m-%d %H:%M")
    return _("Version %(number)s of %(when)s", number=version.number, when=when)


def _referred(specs: Iterable[Any], states: Sequence[Mapping[str, Any]]) -> Iterable[tuple[str, int]]:
    for state in states:
        yield from ((slug, key) for slug, key in values.wanted_names(specs, state.get) if isinstance(key, int))


def _text(spec: Any, value: Any, names: values.Names, life: Lifecycle | None) -> Any:
    """A value in words; a masked one, or one that the field no longer understands, as it was kept."""
    unread = isinstance(value, str) and spec.kind.name in ("date", "datetime", "money", "integer", "percent", "decimal")
    if value in (None, "", []) or unread or spec.kind.name == "personal":
        return value or "—"
    return values.text(spec, value, names, life) or "—"


def restore_page(
    whole: Whole, version: Version, chosen: Sequence[str] | None, reason: str, problems: Sequence[Problem] = ()
) -> dict[str, Any]:
    """What would come back from a saved state, a box to tick for each field, and the reason."""
    found = restoring.differing(whole, version.id)
    life = moves.lifecycle_of(whole.record)
    names = values.names_of(_referred(
        [one.spec for one in found], ({o.spec.name: o.then for o in found}, {o.spec.name: o.now for o in found})
    ))  # fmt: skip
    return _head(whole, _("Restore version %(number)s", number=version.number)) | {
        "action": url(whole.register, "restore", pk=whole.record.id, at=version.id), "problems": problems,
        "rows": [_offered(one, chosen, names, life) for one in found], "row_version": whole.record.row_version,
        "reason": reason, "note": _side(version), "cancel_url": url(whole.register, "history", pk=whole.record.id),
        "reason_error": next((str(p.message) for p in problems if p.field == "reason"), ""),
    }  # fmt: skip


def _offered(one: Then, chosen: Sequence[str] | None, names: values.Names, life: Lifecycle | None) -> dict[str, Any]:
    ticked = not one.why_not and (chosen is None or one.spec.name in chosen)
    return {
        "name": one.spec.name, "label": one.spec.label, "then": _text(one.spec, one.then, names, life),
        "now": _text(one.spec, one.now, names, life), "why_not": str(one.why_not), "on": ticked,
    }  # fmt: skip


def versions_url(whole: Whole) -> str:
    """The address of a row's history."""
    return url_for(f"{whole.register.model.__name__}View.history", pk=whole.record.id)
