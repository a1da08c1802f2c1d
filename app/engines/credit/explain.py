"""Why a document may go or not, in `explain`, on its page, and in its form while somebody types."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from flask import render_template
from flask_babel import gettext as _
from markupsafe import Markup

from app.core import access, forms, moves, pages
from app.core.explaining import explains
from app.core.pages import FormPage, ShowPage
from app.core.reckoning import Asked
from app.core.whole import Whole
from app.engines.credit import wording
from app.engines.credit.operations import credit_of, document_of, uses, verdict


@explains("credit")
def explain_credit(whole: Whole) -> dict[str, Any] | None:
    """The verdict on a document as it stands, and the one that was kept when it was checked."""
    record: Any = whole.record
    document = document_of(record)
    if document is None:
        return None
    kept = _kept(record)
    live = None if _settled(record) else verdict(record, whole.get)
    return {"now": wording.as_json(live) if live else None, "checked": kept}


def _kept(record: Any) -> dict[str, Any] | None:
    document = document_of(record)
    name = document.snapshot.verdict if document else ""
    found = getattr(record, name, None) if name else None
    return wording.told_to_reader(found) if found else None


def _settled(record: Any) -> bool:
    """Whether nothing is left to decide on a document: it uses credit already, or has ended."""
    document, life = document_of(record), moves.lifecycle_of(record)
    return document is None or uses(record, document) or (life is not None and life.states[record.status].final)


AMOUNTS = ("limit", "used", "requested", "excess", "headroom", "amount")


@dataclass(frozen=True)
class Card:
    """What the card of a verdict shows: ``told`` with amounts as people write them; how full the limit is."""

    told: Mapping[str, Any]
    page: str
    kept: bool
    share: int
    clause: Markup | None

    @classmethod
    def made(cls, told: Mapping[str, Any], record: Any, *, kept: bool) -> Card:
        """The card of a verdict about a document."""
        life = moves.lifecycle_of(record)
        page = life.page if life else ""
        shown = _written(told) | {
            "over": told["excess"] not in ("0.00", None, ""),
            "terms": [_written(term) for term in told.get("terms", ())],
            "parts": [_written(part) | {"some": part["amount"] != "0.00"} for part in told["parts"]],
            "routes": [_written(way) | {"link": forms.clause_link(page, way["clause"])} for way in told["routes"]],
        }
        return cls(shown, page, kept, _share(told), forms.clause_link(page, told["clause"] or ""))


def _written(told: Mapping[str, Any]) -> dict[str, Any]:
    return {key: f"{Decimal(value):,.2f}" if key in AMOUNTS and value else value for key, value in told.items()}


def card_of(record: Any, whole: Whole) -> Card | None:
    """The verdict of a document's page: kept once it was let go, else as it would be now."""
    if _settled(record):
        kept = _kept(record)
        return Card.made(kept, record, kept=True) if kept else None
    found = verdict(record, whole.get)
    return Card.made(wording.as_json(found), record, kept=False) if found is not None else None


def stakes(whole: Whole) -> list[dict[str, Any]]:
    """What a decision about a document is about: the limit with its term, what is used, asked for and too much."""
    found = verdict(whole.record, whole.get) if document_of(whole.record) is not None else None
    if found is None:
        return []
    told = wording.as_json(found)
    shown = {name: f"{Decimal(told[name]):,.2f}" if told[name] else wording.yuan(None) for name in AMOUNTS[:-1]}
    unit = _("yuan")
    return [
        {"label": _("Requested"), "value": shown["requested"], "unit": unit},
        {"label": _("Credit limit"), "value": shown["limit"], "unit": unit if told["limit"] else "",
         "hint": told["binding"]},
        {"label": _("Used without this order"), "value": shown["used"], "unit": unit},
        {"label": _("Above the limit by"), "value": shown["excess"], "unit": unit if told["excess"] else "",
         "tone": "late" if told["excess"] not in ("0.00", None, "") else ""},
    ]  # fmt: skip


def grounds(whole: Whole) -> str:
    """Why a document came to whoever decides: what stops it within the limit, and which way is open to it."""
    found = verdict(whole.record, whole.get) if document_of(whole.record) is not None else None
    return wording.grounds(found) if found is not None else ""


def _share(told: Mapping[str, Any]) -> int:
    """How full the limit is with the document, in steps of five per cent, at most full."""
    limit = float(told["limit"] or 0)
    asked = float(told["used"] or 0) + float(told["requested"] or 0)
    return min(100, round(asked / limit * 20) * 5) if limit else 100 if asked else 0


def show_verdict(built: ShowPage) -> None:
    """A section with the verdict, high on the page of a document."""
    if document_of(built.record) is None or (card := card_of(built.record, built.whole)) is None:
        return
    html = Markup(render_template("_credit.html", card=card))  # noqa: S704 -- the template escapes
    built.insert(0, _("Verdict of the credit check"), html, card.clause)


def show_beside_form(built: FormPage, typed: Mapping[str, Any]) -> None:
    """What the check would say to the document as it is typed."""
    whole = built.whole
    if built.move is not None or credit_of(whole.record) is None or document_of(whole.record) is None:
        return
    asked = Asked(whole, typed)
    found = verdict(whole.record, asked.get) if access.current().can(whole.register.slug, "read") else None
    if found is None:
        return
    card = Card.made(wording.as_json(found), whole.record, kept=False)
    html = render_template("_credit_aside.html", card=card)
    built.aside.append(Markup(html))  # noqa: S704 -- the template escapes


pages.on_show(show_verdict, order=15)
pages.on_form(show_beside_form, order=12)
