"""What pages of certificates, slips and rates show beside their fields: the rest of the decision, and the match."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _

from app.areas.complaints import operations as complaints
from app.areas.consequences import bounds, matching, proofs
from app.areas.consequences.goods_return import OVER
from app.areas.consequences.pages import close_to, why_box
from app.core import explaining, pages
from app.core.lifecycle import Words
from app.core.pages import ShowPage
from app.core.whole import Whole
from app.core.wording import pair
from app.engines.limits import operations as limits
from app.engines.limits.calc import EXACTLY

PAPERS = ("return_certificate", "goods_return", "recovery_exclusion")


def show(page: ShowPage) -> None:
    """Add the part of the record's register."""
    if (add := PARTS.get(page.whole.register.slug)) is not None:
        add(page)


def _complaint(page: ShowPage) -> None:
    if not complaints.is_settled(page.record):
        close_to(page, PAPERS[:2])


def _certificate(page: ShowPage) -> None:
    complaint: Any = complaints.complaint_of(page.record.complaint_id)
    measured = bounds.granted(complaint, page.record.id, page.record.discount_amount)
    page.sections[0]["html"] = why_box(_("Decision"), rest(measured))


def rest(measured: limits.Measured) -> str:
    """A bound with what other papers use of it, in words."""
    if measured.kind == "money":
        said = {name: f"{getattr(measured, name):,.2f}" for name in ("limit", "used", "headroom")}
    else:
        said = {name: f"{getattr(measured, name):,.0f}" for name in ("limit", "used", "headroom")}
    if measured.bound == EXACTLY:
        return _(
            "%(limit)s decided, %(used)s on other papers of the case; this one is over exactly %(headroom)s.", **said
        )
    return _("%(limit)s decided, %(used)s on other papers of the case, %(headroom)s at most on this one.", **said)


def _slip(page: ShowPage) -> None:
    slip = page.record
    complaint: Any = complaints.complaint_of(slip.complaint_id)
    if complaint is not None:
        page.sections[0]["html"] = why_box(_("Decision"), rest(bounds.returned(complaint, slip.id, slip.slip_qty)))
    if slip.match_basis:
        page.sections[2]["html"] = why_box(_("How it was matched"), matched(slip))
    if slip.match_result == OVER and slip.excess_granted_at is None:
        text = _("More came back than the tolerance allows; posting waits until the petition is granted.")
        page.notes.append({"tone": "warn", "text": text})
    if slip.received_at is None or slip.proof_type is not None or not proofs.of_return(slip):
        close_to(page, ("return_proof",))


def matched(slip: Any) -> str:
    """How a slip was matched, in one sentence."""
    basis = slip.match_basis
    source = matching.SOURCES[basis["source"]]
    said = {
        "actual": f"{basis['actual']:,}", "before": f"{basis['before']:,}", "approved": f"{basis['approved'] or 0:,}",
        "percent": f"{Decimal(basis['percent']).normalize():f}", "source": _(source),
        "text": basis["text"],
    }  # fmt: skip
    if basis["source"] == "policy":
        return _("%(actual)s came back (%(before)s before), %(approved)s were approved; both must agree.", **said)
    return _(
        "%(actual)s came back (%(before)s before), %(approved)s were approved. Tolerance of %(source)s %(percent)s %%: "
        "%(text)s at most.", **said,
    )


def _rate(page: ShowPage) -> None:
    if basis := page.record.basis:
        page.sections[0]["html"] = why_box(_("Calculation"), pair(Words(**basis["words"]), basis["text"]))


PARTS: Mapping[str, Callable[[ShowPage], None]] = {
    "complaint": _complaint,
    "return_certificate": _certificate,
    "goods_return": _slip,
    "recovery_rate": _rate,
}
pages.on_show(show, order=71)


@explaining.explains("match")
def match(whole: Whole) -> Any:
    """How a return was matched, for REST."""
    record: Any = whole.record
    return record.match_basis if whole.register.slug == "goods_return" else None
