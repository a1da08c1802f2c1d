"""A form for one act: ask for some fields, read them, act; a refusal keeps what was typed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask import render_template, request
from flask_babel import gettext as _

from app.core import forms, saving
from app.core.db import session
from app.core.errors import Problem, Refusal
from app.core.fieldspec import FieldSpec
from app.core.register import Record, register_of
from app.core.whole import Whole


def fields_of(model: type[Record], names: tuple[str, ...]) -> dict[str, FieldSpec]:
    """Fields of a register to ask for, in this order."""
    return {name: register_of(model).fields[name] for name in names}


def ask(
    blank: Record, specs: Mapping[str, FieldSpec], needed: tuple[str, ...], act: Callable[[Mapping[str, Any]], Any],
    *, title: str, subtitle: str, cancel_url: str, submit: str = "",
) -> Any:
    """Show the form, or read it and answer with what ``act`` returns; ``blank`` holds what stands in it at first."""
    typed = forms.typed(request.form, specs) if request.method == "POST" else {}
    problems: list[Problem] = []
    if request.method == "POST":
        given, problems = saving.read_values(specs, typed)
        try:
            Refusal.when([*problems, *_missing(specs, needed, given, problems)])
            return act(given)
        except Refusal as refusal:
            if refusal.status in (403, 404):
                raise
            session.rollback()
            problems = refusal.problems
    builder = forms.FormBuilder(Whole(blank), specs, typed, problems, needed)
    page = {
        "title": title, "subtitle": subtitle, "action": request.path, "cancel_url": cancel_url,
        "submit_label": submit or title, "problems": problems, "hidden": {}, "aside": [],
        "sections": [{"title": title, "fields": [builder.field(spec) for spec in specs.values()]}],
    }
    return render_template("register/form.html", page=page), 422 if problems else 200


def _missing(
    specs: Mapping[str, FieldSpec], needed: tuple[str, ...], given: Mapping[str, Any], problems: list[Problem]
) -> list[Problem]:
    said = {problem.field for problem in problems}
    return [
        Problem(_("“%(field)s” is needed.", field=specs[name].label), name, "required")
        for name in needed if given.get(name) is None and name not in said
    ]
