"""One hotline for the whole catalogue of a company: lines follow it, and none goes its own way."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from app.areas.service.catalogue_item import CatalogueItem
from app.areas.service.service_hotline import ServiceHotline
from app.core import clock
from app.core.db import session
from app.core.errors import Problem
from app.core.ripples import after_change
from app.core.saving import Draft, before_create, check
from app.core.whole import Whole


def hotline_of(company_id: int) -> ServiceHotline | None:
    """The hotline of a company."""
    return session.scalars(sa.select(ServiceHotline).filter_by(company_id=company_id)).first()


@check("catalogue_item")
def one_hotline(draft: Draft) -> Iterable[Problem]:
    """A line prints the hotline of its company and no other."""
    told, number = hotline_of(draft.get("company_id") or 0), draft.get("hotline")
    if number is not None and (told is None or number != told.number):
        text = _("The company has one hotline (%(number)s); change it there, and every line follows.",
                 number=told.number if told else "—")  # fmt: skip
        yield Problem(text, "hotline", "one_hotline", "3.1.1")


@before_create("catalogue_item")
def take_the_hotline(whole: Whole) -> None:
    """A new line prints the hotline and carries the version of its catalogue."""
    told = hotline_of(whole.get("company_id"))
    if told is not None:
        whole.update({"hotline": told.number, "version": str(told.version)})


@after_change("service_hotline")
def lines_follow(row: Any) -> None:
    """A new number is a new version of the catalogue, on every line."""
    lines = session.scalars(sa.select(CatalogueItem).filter_by(company_id=row.company_id)).all()
    if all(line.hotline == row.number for line in lines):
        return
    row.version += 1
    for line in lines:
        line.hotline, line.version, line.published_on = row.number, str(row.version), clock.today()
    session.flush()
