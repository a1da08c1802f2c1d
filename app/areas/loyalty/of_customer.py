"""What the page of a customer shows of loyalty: the VIP class and what was spent, apart from the credit class."""

from __future__ import annotations

from flask_babel import gettext as _

from app.areas.customers.operations import Overview, on_customer
from app.areas.loyalty import grades
from app.core import access, pages
from app.core.register import registers

TONES = {"a": "ok", "b": "ok", "c": "info", "d": "mute"}


def vip(built: Overview) -> None:
    """The decided class with its page, and the sales of twelve months; nothing of customers without either."""
    row = built.customer
    if row.vip_class:
        grade = grades.in_force(row.id)
        seen = grade is not None and access.current().can("customer_grade", "read")
        url = pages.url(registers()["customer_grade"], "show", pk=grade.id) if seen else ""
        hint = _("Too few channels") if grade is not None and grade.few_channels else ""
        built.figure(_("VIP class"), row.vip_class.upper(), hint=hint, tone=TONES.get(row.vip_class, ""), url=url)
    if row.spend_12m:
        hint = _("%(count)s purchases", count=row.visits_12m or 0)
        built.figure(_("Spent in 12 months"), f"{row.spend_12m:,.2f}", unit=_("yuan"), hint=hint)


on_customer(vip, order=15)
