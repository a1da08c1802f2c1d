"""Ageing of what a customer owes, by the bands of the policy's own report."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from flask_babel import gettext as _

from app.core import access, clock, forms
from app.core.db import session
from app.core.fragments import fragment
from app.core.register import registers
from app.engines.reports.counting import Counting, Extent
from app.engines.reports.leading import list_of

if TYPE_CHECKING:
    from app.engines.policy.calc import Settings
    from app.packs.figures import Figures, Measure

PARTY, SCALE, ZERO = "customer", 1000, Decimal(0)
TONES = ("info", "warn", "late")


def cards(settings: Settings, adopter_id: int, parties: Sequence[int]) -> Iterator[dict[str, Any]]:
    """A card for each report of ages about customers: one statement each, of what the reader may see."""
    for report in settings.pack.reports.values():
        figures = report.figures
        bands = [one for one in figures.measures.values() if one.age and one.kind == "sum"] if figures else []
        field = _party_field(figures) if figures and bands else ""
        if figures is None or not field or not access.current().can(figures.register_, "read"):
            continue
        html = fragment("customers/_ages.html", ages=_ages(settings, adopter_id, figures, bands, field, parties))
        clause = forms.clause_link(settings.pack.code, report.clause)
        aside = _("yuan, as of %(day)s", day=clock.today().isoformat())
        yield {"title": str(report.label), "clause": clause, "aside": aside, "html": html}


def _party_field(figures: Figures) -> str:
    fields = registers()[figures.register_].fields.values()
    return next((spec.name for spec in fields if spec.target == PARTY and spec.kind.name == "ref"), "")


def _ages(
    settings: Settings, adopter_id: int, figures: Figures, bands: list[Measure], field: str, parties: Sequence[int]
) -> list[dict[str, Any]]:
    extent = _today(settings, adopter_id)
    counting = Counting(figures, extent, figures.register_, clocked=False)
    query, _widths = counting.query((), bands)
    amounts = session.execute(query.where(counting.column(field).in_(list(parties)))).one()
    found = [Decimal(amount or 0) for amount in amounts]
    whole, largest = sum(found, ZERO), max(found) or Decimal(1)
    group = {field: parties[0]} if len(parties) == 1 else {}
    return [
        {"label": str(band.label), "amount": f"{amount:,.2f}", "some": amount > ZERO,
         "tone": TONES[min(place, len(TONES) - 1)], "width": int(amount * SCALE / largest),
         "share": f"{amount * 100 / whole:.1f} %" if whole else "",
         "url": list_of(figures, extent, band.key, group) if group and amount else ""}
        for place, (band, amount) in enumerate(zip(bands, found, strict=True))
    ]  # fmt: skip


def _today(settings: Settings, adopter_id: int) -> Extent:
    first = dt.datetime.combine(clock.today(), dt.time())
    after = first + dt.timedelta(days=1)
    instants = (clock.from_local(first), clock.from_local(after), clock.now())
    return Extent(settings, *instants, adopter_id, access.current())
