"""The dashboards: which charts stand together, and to whom they are open."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flask_babel import lazy_gettext as _l

from app.core import words
from app.core.access import Access
from app.screens import dashboard_asked as asking
from app.screens import dashboard_charts, dashboard_money
from app.screens.dashboard_charts import Chart

if TYPE_CHECKING:
    from app.packs.schema import Pack


@dataclass(frozen=True)
class Board:
    """One dashboard; open to who reads more than his own rows in a register of ``opens``."""

    key: str
    label: Any
    charts: Mapping[str, Chart]
    opens: tuple[str, ...]

    def open_to(self, person: Access) -> bool:
        """Whether somebody may open it, and a policy of his posts knows what it shows."""
        return any(asking.may_look(person, slug) and known_to(person, slug) for slug in self.opens)

    def policies(self) -> dict[str, Pack]:
        """The policies that it may be narrowed to."""
        return asking.policies(dict.fromkeys(chart.slug for chart in self.charts.values()))


def known_to(person: Access, slug: str) -> bool:
    """Whether a policy of somebody's posts knows a register; who has no post knows all."""
    return slug not in words.strange_to(post.code for post in person.posts)


def _board(key: str, label: Any, charts: tuple[Chart, ...], *opens: str) -> Board:
    return Board(key, label, {chart.key: chart for chart in charts}, opens)


BOARDS = {
    board.key: board
    for board in (
        _board("complaints", _l("Complaints"), tuple(dashboard_charts.CHARTS.values()), asking.CASES),
        _board("credit", _l("Credit"), dashboard_money.CREDIT, "credit_deal", "shipment", "credit_request"),
        _board("losses", _l("Losses and penalties"), dashboard_money.LOSSES, "loss_sheet", "penalty_notice"),
    )
}
