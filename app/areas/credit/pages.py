"""What pages and forms of ratings, requests and surveys show beside their fields."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _
from markupsafe import Markup

from app.areas.credit import caps, criteria, groups
from app.areas.credit.contradictions import found_for
from app.areas.credit.credit_rating import CLASSES
from app.areas.customers import operations as customers
from app.areas.customers.operations import Overview
from app.core import access, forms, moves, pages, values
from app.core.pages import ShowPage
from app.core.reckoning import Asked, Reckoned, reckons, still_needed
from app.core.register import registers
from app.core.together import MY_TURN, Names, Rows, Talk
from app.engines.credit import accounts
from app.engines.policy import operations as policy
from app.engines.policy import stages
from app.engines.tiering import operations as tiering


def show(page: ShowPage) -> None:
    """Add the part of the record's register."""
    if (add := PARTS.get(page.whole.register.slug)) is not None:
        add(page)


def _rating(page: ShowPage) -> None:
    """Every criterion with its fact, its bound, its papers and whether it holds, then why not the next class."""
    rating: Any = page.record
    if not rating.evidence:
        return
    for title, tier, clause in (
        (_("Criteria of class C: any one leads there"), "c", "第16条"),
        (_("Criteria of class A: all of them together"), "a", "第15条"),
    ):
        below = criteria.why_not(rating) if tier == "a" else ""
        page.insert(1, title, criteria.listed(rating, (tier,), below), _clause(page, clause))


def _clause(page: ShowPage, clause: str) -> Any:
    return forms.clause_link(page.life.page if page.life else "", clause) or ""


def _request(page: ShowPage) -> None:
    """How the highest limit was found, by its formula."""
    request: Any = page.record
    kept, section = request.evidence or {}, page.section_of("cap")
    if section is None or not kept:
        return
    route = policy.pack_for(request.pack_version_id).tiers[caps.ROUTES].classes.get(kept.get("route") or "")
    text = _("; ").join(filter(None, (str(route or ""), kept.get("text") or kept.get("why") or "")))
    box = Markup('<div class="kz-why mt-3"><strong>{}</strong> {} {}</div>')
    section["html"] = box.format(_("Highest limit"), text, _clause(page, kept.get("clause", "")))


def _survey(page: ShowPage) -> None:
    """Where the papers contradict each other, as long as somebody reviews them."""
    survey: Any = page.record
    if survey.status in ("filed", "superseded"):
        return
    found = found_for(survey.customer_id, page.whole)
    if not found:
        return
    items = Markup("").join(
        Markup("<li>{} {}</li>").format(each.text, criteria.papers(each.papers)) for each in found
    )
    html = Markup('<ul class="mb-0">{}</ul>').format(items)
    page.insert(0, _("The papers contradict each other"), html, _clause(page, "第11条1"))


def _yuan(amount: Decimal) -> str:
    return f"{amount:,.2f}"


def on_customer(built: Overview) -> Talk:
    """Limit, use and what is free, where the customer has a limit or uses the company's money."""
    if not access.current().can("credit_request", "read"):
        return
    customer: Any = built.customer
    group = groups.shown(customer.id)
    lines, [(total,)] = yield Rows([caps.line_in_force(group), caps.used_anywhere(group)])
    line, used = next(iter(lines), None), total or Decimal(0)
    if line is None and not used:
        return
    yield MY_TURN
    limit = (line.approved_limit or Decimal(0)) if line else Decimal(0)
    url = pages.url(registers()["credit_request"], "list") + f"?customer_id={customer.id}"
    until = _("until %(day)s", day=line.valid_to.isoformat()) if line and line.valid_to else _("no limit in force")
    built.figure(_("Credit limit"), _yuan(limit), unit=_("yuan"), hint=until, url=url)
    built.figure(_("In use"), _yuan(used), unit=_("yuan"), hint=_("open credit sales and prepayments"))
    tone = "late" if used > limit else ""
    built.figure(_("Free of the limit"), _yuan(max(limit - used, Decimal(0))), unit=_("yuan"), tone=tone)


def held_or_free(built: Overview) -> Talk:
    """Above everything: that credit is held, or free of limits, since when, by whom and why, by each unit's account."""
    if not access.current().can("credit_hold", "read"):
        return
    found = accounts.accounts_of("customer", groups.shown(built.customer.id)[0])
    names = yield Names([
        pair for account in found for pair in (("org_unit", account.adopter_id), ("employee", account.held_by_id),
                                               ("employee", account.unlimited_by_id))
    ])  # fmt: skip
    register = registers()["credit_hold"]
    if access.current().can("credit_hold", "write") and stages.may_open(register):
        url = pages.url(register, "add", customer_id=built.customer.id)
        built.page.adds.append({"url": url, "label": register.label})
    for account in found:
        told = {"unit": names.get(("org_unit", account.adopter_id), "")}
        if account.held_since is not None:
            told |= {"since": values.short(account.held_since), "reason": account.hold_reason or "",
                     "who": names.get(("employee", account.held_by_id or 0), "—")}  # fmt: skip
            text = _("All credit is held since %(since)s (%(unit)s, by %(who)s): %(reason)s", **told)
            built.page.notes.append({"tone": "late", "text": text})
        elif account.unlimited:
            since = account.unlimited_since
            told |= {"since": values.short(since) if since else "—", "reason": account.unlimited_reason or "",
                     "who": names.get(("employee", account.unlimited_by_id or 0), "—")}  # fmt: skip
            text = _("Credit without a limit since %(since)s (%(unit)s, by %(who)s): %(reason)s", **told)
            built.page.notes.append({"tone": "warn", "text": text})


customers.on_customer(on_customer, order=20)
customers.on_customer(held_or_free, order=21)

PARTS: Mapping[str, Callable[[ShowPage], None]] = {
    "credit_rating": _rating, "credit_request": _request, "credit_survey": _survey,
}  # fmt: skip
pages.on_show(show, order=72)


# -- while a form is filled in -----------------------------------------------------------------------------------------


@reckons("credit_request")
def highest(asked: Asked) -> Reckoned | None:
    """The highest limit of the customer as the form stands, with the numbers behind it, where a policy has one."""
    if "cap" not in asked.whole.fields:
        return None
    label = asked.whole.fields["cap"].label
    record: Any = asked.whole.record
    life = moves.lifecycle_of(record)
    customer = asked.row("customer_id") if asked.get("customer_id") else None
    if customer is None or life is None or not tiering.has(record, caps.ROUTES):
        return still_needed(label, asked.missing({"customer_id": 0}))
    wanted = caps.Asked(asked.get("kind"), asked.get("direction"))
    found = caps.cap_of(record, customer.id, wanted, asked.get("requested_limit") or Decimal(0))
    standing = found.standing
    names = ("avg_month_delivery", "avg_month_receipt", "existing_credit", "collateral_value")
    values = (standing.deliveries, standing.receipts, standing.existing, standing.collateral)
    lines = [(asked.whole.fields[name].label, _yuan(value)) for name, value in zip(names, values, strict=True)]
    grade = CLASSES.get(standing.credit_class or "", _("Not rated"))
    lines.insert(0, (asked.whole.fields["credit_class"].label, str(grade)))
    total = caps.company_total(record, customer.id, Decimal(0))
    lines.append((total.label, f"{_yuan(total.used)} / {_yuan(total.limit)}"))
    if found.measured is None:
        return Reckoned(label, "", tiering.reason(found.route), "第25条", life.page, tuple(lines))
    measured = found.measured
    return Reckoned(label, _yuan(measured.limit), measured.text, measured.clause, life.page, tuple(lines))
