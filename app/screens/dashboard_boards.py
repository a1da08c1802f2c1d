"""The dashboards: which charts stand together, and to whom they are open."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.core import access, clock, words
from app.core.access import Access
from app.core.errors import Forbidden
from app.engines.exchange.xlsx import Sheet
from app.engines.reports.sources import PRESENT, Content, Source, add
from app.screens import dashboard_asked as asking
from app.screens import dashboard_charts, dashboard_money
from app.screens.dashboard_asked import Asked
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

    def shown_to(self, person: Access) -> list[Chart]:
        """The charts that somebody may see."""
        return [one for one in self.charts.values() if person.can(one.slug, "read") and known_to(person, one.slug)]


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


def heads_of(chart: Chart) -> list[str]:
    """What the columns of the table under a chart are called."""
    return [str(chart.by), *(str(series.label) for series in chart.series)]


def sheet_of(chart: Chart, asked: Asked) -> Sheet:
    """The figures of a chart as the sheet of a workbook."""
    rows = [[line.label, *(figure.value for figure in line.figures)] for line in chart.count(asked)]
    return Sheet(chart.title(asked), heads_of(chart), rows)


# -- sent by a plan ----------------------------------------------------------------------------------------------------


def _open(person: Access) -> dict[str, str]:
    return {f"board:{key}": _label(f"board:{key}") for key, board in BOARDS.items() if board.open_to(person)}


def _label(key: str) -> str:
    return _("Dashboard: %(name)s", name=BOARDS[key.partition(":")[2]].label)


def _content(key: str, shown: str) -> Content:
    """The figures of twelve months up to this one, or to the last that has ended."""
    board, person, last = BOARDS[key.partition(":")[2]], access.current(), clock.today().replace(day=1)
    if not board.open_to(person):
        raise Forbidden()
    last = last if shown == PRESENT else (last - dt.timedelta(days=1)).replace(day=1)
    asked = asking.read({"to": f"{last:%Y-%m}"}, board.policies())
    charts = board.shown_to(person)
    name, guards = f"{last:%Y-%m}", frozenset(chart.slug for chart in charts)
    url = f"/dashboard/?board={board.key}&to={name}"
    return Content(str(board.label), name, [sheet_of(chart, asked) for chart in charts], guards, url)


add(Source("board", _open, _label, _content))
