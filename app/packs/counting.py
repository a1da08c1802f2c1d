"""Names in the reports of a pack that lead nowhere."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from flask_babel import gettext as _

from app.packs.references import unknown

if TYPE_CHECKING:
    from app.packs.figures import Figures
    from app.packs.recurring import Report
    from app.packs.schema import Pack

Found = Iterator[tuple[str, str]]


def faults_of(pack: Pack) -> Found:
    """Path and message of every fault of the reports that only the whole pack shows."""
    kept = {task.report: key for key, task in pack.tasks.items() if task.report}
    for key, report in pack.reports.items():
        path = f"reports.{key}"
        yield from unknown(f"{path}.audience", report.audience, pack.posts, "post")
        if report.keep:
            named = (*report.keep.posts, *report.keep.readers, *report.keep.reminded)
            yield from unknown(f"{path}.keep", named, pack.posts, "post")
        if report.keep and key in kept:
            yield f"{path}.keep", _("the report is kept by the task “%(task)s” already", task=kept[key])
        yield from _clocks(pack, path, report)


def _clocks(pack: Pack, path: str, report: Report) -> Found:
    """Clocks exist, and run on the register whose rows are listed or counted."""
    shows = report.shows
    if shows:
        yield from unknown(f"{path}.shows.clocks", shows.clocks, pack.clocks, "clock")
        yield from unknown(f"{path}.shows.posts", shows.posts, pack.posts, "post")
        if shows.kind not in ("closed", "owed"):
            yield from unknown(f"{path}.shows.register", [shows.register_], pack.cases, "case register")
    if report.figures:
        yield from _counted(pack, f"{path}.figures", report.figures)


def _counted(pack: Pack, path: str, figures: Figures) -> Found:
    for key, measure in figures.measures.items():
        here, limit = f"{path}.measures.{key}.line", pack.limits.get(measure.line or "")
        yield from unknown(here, [measure.line], pack.limits, "limit")
        if limit is not None and (limit.inputs or limit.expression is None):
            yield here, _("“%(limit)s” rests on facts of a single row", limit=measure.line)
    for key, name in figures.clocks():
        here = f"{path}.measures.{key}.clocks"
        yield from unknown(here, [name], pack.clocks, "clock")
        register = figures.register_of(figures.measures[key])
        if name in pack.clocks and pack.clocks[name].register_ != register:
            yield here, _("“%(clock)s” does not run on “%(register)s”", clock=name, register=register)
