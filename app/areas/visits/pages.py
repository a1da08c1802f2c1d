"""The way from a household to its visits."""

from __future__ import annotations

from flask_babel import gettext as _

from app.areas.visits.visit import Visit
from app.core import access, pages
from app.core.pages import ShowPage
from app.engines.policy.stages import may_open


@pages.on_show
def lead_to_visits(page: ShowPage) -> None:
    """Whoever visits begins the record of a visit at the household, and finds those before it."""
    customer = page.whole.get("customer_id") if page.whole.register.slug == "household" else None
    person = access.current()
    if customer is None or not person.can("visit", "read"):
        return
    here = {"label": _("Visits"), "url": f"{pages.url(Visit.register, 'list')}?customer_id={customer}", "icon": "list"}
    page.header["more"].insert(0, here)
    if person.can("visit", "write") and may_open(Visit.register):
        href = f"{pages.url(Visit.register, 'add')}?customer_id={customer}"
        page.header["actions"].insert(0, {"label": _("Record a visit"), "url": href, "icon": "phone", "primary": True})
