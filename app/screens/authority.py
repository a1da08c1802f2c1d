"""Why this post decides: the bands of the authority table beside the amounts of a case, and the decider in its head."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _
from markupsafe import Markup

from app.core import forms, pages
from app.core.errors import Refusal
from app.core.fragments import fragment
from app.core.pages import ShowPage
from app.core.whole import Whole
from app.core.wording import listed, phrases
from app.core.words import post_label
from app.engines.approvals import operations as approvals
from app.engines.approvals import routes
from app.engines.policy import operations as policies


@dataclass(frozen=True)
class Authority:
    """A judged authority table in the form that a request freezes; ``asked`` when a request was put forward.

    ``policy`` is the page of its version, as links to clauses want it.
    """

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

    def reason(self, whole: Whole) -> str:
        """Which amounts were looked at, and how one was made of them."""
        amounts = self.ruling["amounts"].items()
        said = listed(f"{whole.fields[name].label} {Decimal(amount):,.2f}" for name, amount in amounts)
        picks = {"max": _("the larger counts"), "min": _("the smaller counts"), "sum": _("the sum counts")}
        return phrases((said, picks[self.ruling["pick"]])) if len(amounts) > 1 else said

    @property
    def clause(self) -> Markup:
        """The clause of the band, as a link."""
        return forms.clause_link(self.policy, self.band["clause"]) or Markup("")


def authority_of(whole: Whole) -> Authority | None:
    """Who decides a case: as its latest request froze it, else as it stands now; none while no amount is known."""
    record: Any = whole.record
    for route in _by_amount(record):
        asked = approvals.latest(record, route.key)
        if asked is not None and asked.frozen.get("authority"):
            return Authority(asked.frozen["authority"], policies.page_of(asked.pack_version_id), asked=True)
    return deciding(record, whole.get)


def _by_amount(record: Any) -> list[Any]:
    return [route for route in routes.routes_of(record) if routes.authority_of(route) is not None]


def deciding(record: Any, read: Callable[[str], Any]) -> Authority | None:
    """Who would decide by the amounts that ``read`` gives; nobody while there is none."""
    route = next(iter(_by_amount(record)), None)
    if route is None:
        return None
    try:
        ruling = routes.ruling_of(record, route, read)
    except Refusal:
        return None
    frozen = routes.freeze(record, route, [], ruling)["authority"]
    return Authority(frozen, policies.page_of(record.pack_version_id), asked=False) if frozen else None


def bands_box(whole: Whole, found: Authority) -> Markup:
    """The box: every band, the one that applies, and the amounts that were looked at."""
    lines = [
        {"post": post_label(band["post"]), "bound": _bound(band), **_standing(at, found.index)}
        for at, band in enumerate(found.bands)
    ]
    title = _("Why %(post)s decides", post=found.post) if found.asked else _(
        "%(post)s would decide as it stands", post=found.post
    )
    box = {"title": title, "bands": lines, "text": found.reason(whole), "clause": found.clause}
    return fragment("_bands.html", box=box)


def _standing(at: int, applies: int) -> dict[str, Any]:
    if at == applies:
        return {"tone": "ok", "state": _("applies"), "applies": True}
    return {"tone": "mute", "state": _("exceeded") if at < applies else _("not needed"), "applies": False}


def _bound(band: Mapping[str, Any]) -> str:
    for name, sign in (("up_to", "≤"), ("below", "<"), ("above", ">"), ("start", "≥")):
        if band[name] is not None:
            return f"{sign} {Decimal(band[name]):,.0f}" if Decimal(band[name]) % 1 == 0 else f"{sign} {band[name]}"
    return ""


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
