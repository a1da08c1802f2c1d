"""A form page and what stands beside it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from markupsafe import Markup

from app.core import conflicts, past, saving, values
from app.core.conflicts import Clash
from app.core.errors import Problem
from app.core.lifecycle import Move
from app.core.pages.hooks import run
from app.core.whole import Whole


@dataclass
class FormPage:
    """One form while it is being put together."""

    whole: Whole
    title: Any
    action: str
    submit_label: Any
    cancel_url: str
    sections: list[dict[str, Any]]
    subtitle: Any = ""
    breadcrumbs: list[dict[str, Any]] = field(default_factory=list)
    hidden: dict[str, Any] = field(default_factory=dict)
    row_version: int | None = None
    problems: Sequence[Problem] = ()
    folded: list[dict[str, Any]] = field(default_factory=list)
    aside: list[Markup] = field(default_factory=list)
    preview_url: str = ""
    conflict: dict[str, Any] | None = None
    danger: bool = False
    move: Move | None = None
    lines: list[dict[str, Any]] = field(default_factory=list)
    draft_place: str = ""
    drafted: str = ""
    reason: str = ""


def fold(built: FormPage, filled: Collection[str]) -> None:
    """Put fields that are filled already into sections of their own, which the page keeps closed."""
    for section in built.sections:
        kept = [shown for shown in section["fields"] if shown["name"] in filled and not shown["error"]]
        if kept:
            built.folded.append(section | {"fields": kept})
            section["fields"] = [shown for shown in section["fields"] if shown not in kept]
    built.sections = [section for section in built.sections if section["fields"]]


def conflict_of(whole: Whole, clashes: Sequence[Clash], text: str, choices: Mapping[str, str]) -> dict[str, Any]:
    """What each made of every field that somebody else wrote meanwhile, and what was chosen so far."""
    names = values.names_of(_named(whole, clashes))
    return {
        "text": text, "seen": whole.record.row_version, "choice": conflicts.CHOICE,
        "fields": [_clashing(clash, names, choices.get(clash.spec.name, "")) for clash in clashes],
    }  # fmt: skip


def _clashing(clash: Clash, names: values.Names, chosen: str) -> dict[str, Any]:
    spec = clash.spec
    masked = clash.known and spec.kind.name == "personal"
    was = clash.was if masked else values.text(spec, clash.was, names) if clash.known else "?"
    return {
        "name": spec.name, "label": spec.label, "was": was or "—", "both": clash.both, "chosen": chosen,
        "theirs": values.text(spec, clash.theirs, names) or "—", "yours": values.text(spec, clash.yours, names) or "—",
        "by": past.by_whom(clash.who) if clash.at else "", "at": values.short(clash.at) if clash.at else "",
    }  # fmt: skip


def _named(whole: Whole, clashes: Sequence[Clash]) -> Iterable[tuple[str, int]]:
    """The rows to be named: those that the row referred to and refers to; of what was typed only what is in reach."""
    for clash in clashes:
        target = clash.spec.target
        if target:
            yield from ((target, key) for value in (clash.was, clash.theirs) for key in _keys(value))
            yield from ((target, key) for key in saving.visible_ids(target, _keys(clash.yours)))


def _keys(value: Any) -> list[int]:
    return [key for key in (value if isinstance(value, list) else [value]) if isinstance(key, int)]


def form_page(built: FormPage, typed: Mapping[str, Any]) -> FormPage:
    """A form after every engine added its card."""
    run("form", built, typed)
    return built
