"""A form page and what stands beside it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from markupsafe import Markup

from app.core import values
from app.core.errors import Conflict, Problem
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
    draft: bool = False


def fold(built: FormPage, filled: Collection[str]) -> None:
    """Put fields that are filled already into sections of their own, which the page keeps closed."""
    for section in built.sections:
        kept = [shown for shown in section["fields"] if shown["name"] in filled and not shown["error"]]
        if kept:
            built.folded.append(section | {"fields": kept})
            section["fields"] = [shown for shown in section["fields"] if shown not in kept]
    built.sections = [section for section in built.sections if section["fields"]]


def conflict_of(error: Conflict, whole: Whole) -> dict[str, Any]:
    """Both values of every field that somebody else changed meanwhile."""
    specs = whole.fields
    pairs = [(specs[name].target, v) for name, *both in error.differences for v in both if specs[name].target and v]
    names = values.names_of((slug, key) for slug, v in pairs for key in (v if isinstance(v, list) else [v]))
    return {"text": str(error.problems[0].message), "fields": [
        {"label": specs[name].label, "yours": values.text(specs[name], yours, names),
         "theirs": values.text(specs[name], theirs, names)}
        for name, yours, theirs in error.differences
    ]}


def form_page(built: FormPage, typed: Mapping[str, Any]) -> FormPage:
    """A form after every engine added its card."""
    run("form", built, typed)
    return built
