"""The texts that a policy stands in: its own source, and every text that repeats it."""

from __future__ import annotations

from typing import Any

from flask import url_for
from flask_babel import gettext as _
from markupsafe import Markup

from app.engines.policy.catalogue import Policy


def facts(one: Policy) -> list[dict[str, Any]]:
    """The second sources of a policy, or the policy that a second source repeats, for the head of its page."""
    if same_as := one.coverage.same_as:
        said = _("the same text as %(code)s", code=same_as)
        address = url_for("PolicyView.show", code=same_as)
        return [{"label": _("Source"), "value": Markup('<a href="{}">{}</a>').format(address, said), "wide": True}]
    return [
        {"label": _("Second source"), "value": f"{text.code} · {text.title} · {text.source}", "wide": True}
        for text in one.second_sources
    ]


def sections(one: Policy) -> list[dict[str, Any]]:
    """A section for each second source: where its text differs, and what follows from that."""
    return [_section(text) for text in one.second_sources]


def _section(citation: Any) -> dict[str, Any]:
    heads = (_("This policy"), _("Second source"), _("What follows"))
    rows = [
        {"id": f"sources.{citation.code}.{one.key}", "anchors": [], "clause": one.clause, "refs": [], "source": "",
         "cells": [{"lines": [str(text)], "assumed": False} for text in (one.first, one.second, one.effect)]}
        for one in citation.differences.values()
    ]  # fmt: skip
    table = {"title": "", "id": "", "basis": False, "rows": rows, "columns": [{"label": head} for head in heads]}
    return {"key": f"source_{citation.code}", "title": _("Second source %(code)s", code=citation.code),
            "hint": f"{citation.title} · {citation.source}", "tables": [table], "count": len(rows),
            "half": False}  # fmt: skip
