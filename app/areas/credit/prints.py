"""Prints of credit as their paper looks: criteria with facts and results, the bound of a limit, signatures."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask_babel import gettext as _

from app.areas.credit import tables
from app.core import printing, values
from app.core.printing import PrintPage
from app.engines.approvals.operations import signatures


def complete(page: PrintPage) -> None:
    """Add the tables, the company and the signatures to a print of ratings, requests and deals."""
    slug = page.whole.register.slug
    if slug not in PARTS:
        return
    record: Any = page.whole.record
    PARTS[slug](page, record)
    page.company = values.names_of([("org_unit", record.adopter_id)]).get(("org_unit", record.adopter_id), "")
    page.opinions += signatures(record)


def _rating(page: PrintPage, rating: Any) -> None:
    if not rating.evidence:
        return
    lines = list(tables.criteria(rating))
    for place, tier in enumerate(("c", "a"), start=1):
        rows = [
            {"cells": [line["rule"], tables.fact_words(line), _("Yes") if line["holds"] else _("No"), line["clause"]]}
            for line in lines if line["tier"] == tier
        ]  # fmt: skip
        heads = (_("Criterion"), _("Fact"), _("Result"), _("Clause"))
        table = {"columns": [{"label": head, "align": ""} for head in heads], "rows": rows}
        title = _("Class C") if tier == "c" else _("Class A")
        page.sections.insert(place, {"title": title, "table": table})


def _request(page: PrintPage, request: Any) -> None:
    if text := (request.evidence or {}).get("text"):
        field = {"label": _("Highest limit"), "value": text}
        page.sections.insert(2, {"title": "", "fields": [field]})


def _deal(_page: PrintPage, _deal_: Any) -> None:
    """A deal prints its fields; the signatures are those of the approval above the limit."""


PARTS: Mapping[str, Callable[[PrintPage, Any], None]] = {
    "credit_rating": _rating, "credit_request": _request, "credit_deal": _deal,
}  # fmt: skip
printing.on_print(complete, order=60)
