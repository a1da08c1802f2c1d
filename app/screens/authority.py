"""Why this post decides: the bands of the authority table beside the amounts of a case, and the decider in its head."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from flask import render_template
from flask_babel import gettext as _
from markupsafe import Markup

from app.core import forms, pages
from app.core.errors import Refusal
from app.core.pages import ShowPage
from app.core.whole import Whole
from app.core.words import post_label
from app.engines.approvals import operations as approvals
from app.engines.approvals import routes


@dataclass(frozen=True)
class Authority:
    """A judged authority table in the form that a request freezes; ``asked`` when a request was put forward."""

    ruling: Mapping[str, Any]
    policy: str
    asked: bool

    @property
    def band(self) -> Mapping[str, Any]:
        """The band that applies."""
        return self.bands[self.index]

    @property
    def bands(self) -> Sequence[Mapping[str, Any]]:
        """Every band, from the lowest authority to the highest."""
        found: Sequence[Mapping[str, Any]] = self.ruling["bands"]
        return found

    @property
    def index(self) -> int:
        """Where the band that applies stands."""
        return next(at for at, band in enumerate(self.bands) if band["applies"])

    @property
    def post(self) -> str:
        """The post that decides, by name."""
        return post_label(self.ruling["post"])

    @property
    def clause(self) -> Markup:
        """The clause of the band, as a link."""
        return forms.clause_link(self.policy, self.band["clause"]) or Markup("")


def authority_of(whole: Whole) -> Authority | None:
    """Who decides a case: as its latest request froze it, else as it stands now; none while no amount is known."""
    record: Any = whole.record
    live = None
    for route in routes.routes_of(record):
        if routes.authority_of(route) is None:
            continue
        asked = approvals.latest(record, route.key) if record.id is not None else None
        if asked is not None and asked.frozen.get("authority"):
            return Authority(asked.frozen["authority"], record.policy, asked=True)
        live = live or ruled_now(whole, route)
    return live


def ruled_now(whole: Whole, route: Any) -> Authority | None:
    """Who would decide by the amounts that stand in the case."""
    record: Any = whole.record
    try:
        ruling = routes.ruling_of(record, route, whole.get)
    except Refusal:
        return None
    if ruling is None:
        return None
    frozen = routes.freeze(record, route, [], ruling)["authority"]
    return Authority(frozen, record.policy, asked=False)


def bands_box(whole: Whole, found: Authority) -> Markup:
    """The box: every band, the one that applies, and the amounts that were looked at."""
    lines = [
        {"post": post_label(band["post"]), "bound": _bound(band), **_standing(at, found.index)}
        for at, band in enumerate(found.bands)
    ]
    title = _("Why %(post)s decides", post=found.post) if found.asked else _(
        "%(post)s would decide as it stands", post=found.post
    )
    box = {"title": title, "bands": lines, "text": _reason(whole, found.ruling), "clause": found.clause}
    return Markup(render_template("_bands.html", box=box))  # noqa: S704 -- the template escapes


def _standing(at: int, applies: int) -> dict[str, Any]:
    if at == applies:
        return {"tone": "ok", "state": _("applies"), "applies": True}
    return {"tone": "mute", "state": _("exceeded") if at < applies else _("not needed"), "applies": False}


def _bound(band: Mapping[str, Any]) -> str:
    for name, sign in (("up_to", "≤"), ("below", "<"), ("above", ">"), ("start", "≥")):
        if band[name] is not None:
            return f"{sign} {Decimal(band[name]):,.0f}" if Decimal(band[name]) % 1 == 0 else f"{sign} {band[name]}"
    return ""


def _reason(whole: Whole, ruling: Mapping[str, Any]) -> str:
    """Which amounts were looked at, and how one was made of them."""
    amounts = [f"{whole.fields[name].label} {Decimal(amount):,.2f}" for name, amount in ruling["amounts"].items()]
    picks = {"max": _("the larger counts"), "min": _("the smaller counts"), "sum": _("the sum counts")}
    return "；".join(["、".join(amounts), *([picks[ruling["pick"]]] if len(amounts) > 1 else [])])


def show_authority(page: ShowPage) -> None:
    """The decider in the head of a case, and the bands in the section of the amounts."""
    if not page.whole.register.from_pack or (found := authority_of(page.whole)) is None:
        return
    who = Markup('→ <span class="text-nowrap">{} <b class="text-body fw-medium">{}</b></span> {}')
    facts = page.header["facts"]
    # the amounts lead to the decider
    facts[-1:] = [Markup(" ").join([*facts[-1:], who.format(_("decided by"), found.post, found.clause)])]
    place = next((page.section_of(name) for name in reversed(list(found.ruling["amounts"]))), None)
    if place is not None:
        place["html"] = (place.get("html") or Markup("")) + bands_box(page.whole, found)


pages.on_show(show_authority, order=25)
