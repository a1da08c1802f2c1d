"""Fixed views above every list of cases, and their counts, which the page asks for once it stands."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.sql import ColumnElement

from app.core import access, pages
from app.core.access import Access
from app.core.db import session
from app.core.narrowing import Narrowed, condition
from app.core.pages import ListPage
from app.core.query import Page
from app.core.reach import Reach
from app.core.register import Register, registers
from app.core.types import UtcDateTime
from app.core.words import post_label
from app.engines.deadlines import narrowing as by_clock
from app.engines.policy import stages

ENOUGH = 200
STAGES = (
    ("stage", stages.OPEN, _l("In hand")), ("stage", stages.MINE, _l("Mine")), ("clock", by_clock.LATE, _l("Late")),
    ("clock", by_clock.WEEK, _l("Due within seven days")), ("stage", stages.CLOSED, _l("Closed")),
)
View = tuple[str, str, ColumnElement[bool] | None]
NOW, SOON = sa.bindparam("now", type_=UtcDateTime()), sa.bindparam("week", type_=UtcDateTime())
SPANS: dict[str, tuple[Any, Any]] = {by_clock.LATE: (None, NOW), by_clock.WEEK: (NOW, SOON)}


def list_views(page: ListPage, found: Page) -> None:
    """All, in hand, mine, late, due soon, closed."""
    register = page.register
    if not has_views(register):
        return
    _say_who_opens(page)
    asked = found.criteria.narrowed
    chosen = (asked[0].name, asked[0].value) if len(asked) == 1 else None
    here = f"{request.script_root}{request.path}"
    page.counts_url = f"{request.script_root}/api/v1/menu/counts/{register.slug}"
    page.views.append({"label": _l("All"), "url": here, "active": not asked})
    for name, value, label in _views(register):
        page.views.append({"label": label, "url": f"{here}?{name}={value}", "counted": f"{name}={value}",
                           "active": chosen == (name, value)})
    if chosen in {view[:2] for view in _views(register)}:
        page.chips = [chip for chip in page.chips if chip.get("way") != chosen[0]]


def has_views(register: Register) -> bool:
    """Whether the list of a register has the fixed views."""
    return stages.has_stages(register) and not register.parent


def _views(register: Register) -> list[tuple[str, str, Any]]:
    return [view for view in STAGES if view[0] != "clock" or register.from_pack]


def counts(register: Register) -> dict[str, str]:
    """How many rows each view has for whoever asks, up to a limit, by what it puts into the address."""
    asked = [(name, value) for name, value, _label in _views(register)]
    numbers = zip(asked, _count(Reach(register), asked), strict=True)
    return {f"{name}={value}": str(shown(number)) for (name, value), number in numbers}


def _say_who_opens(page: ListPage) -> None:
    """Instead of a button that would be refused: who opens such a case."""
    if page.actions and not stages.may_open(page.register):
        page.actions = [action for action in page.actions if action["icon"] != "plus"]
        posts = _(", ").join(post_label(code) for code in stages.openers(page.register.slug))
        page.subtitle = _("Opened by: %(posts)s", posts=posts)


def _count(reach: Reach, views: Sequence[tuple[str, str]]) -> list[int]:
    """How many rows each view shows; few rows are passed once, among many each count stops at its limit."""
    register = reach.register
    asked = tuple((name, value, _stage(register, name, value)) for name, value in views)
    build = _among_few if reach.few else _among_many
    query = build(register.model, reach.ids if reach.few else access.rows(register), asked)
    return list(session.execute(query, {"now": by_clock.just_past(), "week": by_clock.end_of_week()}).one())


def _stage(register: Register, name: str, value: str) -> ColumnElement[bool] | None:
    return None if name == "clock" else condition(register, Narrowed(name, value, ""))


@lru_cache(maxsize=512)
def _among_few(model: Any, ids: Any, asked: tuple[View, ...]) -> sa.Select[Any]:
    """Built once for people who see the same, like every query here: each list asks for it."""
    sums = (
        _sum(by_clock.of_each(model.register, *SPANS[value]) if on is None else on) for _name, value, on in asked
    )
    return sa.select(*sums).where(model.__table__.c.id.in_(ids))


def _sum(condition: ColumnElement[bool]) -> Any:
    return sa.func.coalesce(sa.func.sum(sa.case((condition, 1), else_=0)), 0)


@lru_cache(maxsize=512)
def _among_many(model: Any, in_reach: ColumnElement[bool], asked: tuple[View, ...]) -> sa.Select[Any]:
    ids = sa.select(model.__table__.c.id)
    found = (
        by_clock.in_turn(model.register, SPANS[value]) if on is None else ids.where(on) for _name, value, on in asked
    )
    return sa.select(*(stop_at(ENOUGH, query.where(in_reach)) for query in found))


def stop_at(limit: int, ids: sa.Select[Any]) -> Any:
    """How many rows there are, counted no further than one past the limit."""
    return sa.select(sa.func.count()).select_from(ids.limit(limit + 1).subquery()).scalar_subquery()


def shown(number: int, limit: int = ENOUGH) -> str | int:
    """A count as people read it."""
    return f"{limit}+" if number > limit else number


def cases(person: Access) -> list[Register]:
    """The registers of cases that the person may read."""
    return [r for r in registers().values() if r.from_pack and not r.detail_of and person.can(r.slug, "read")]


pages.on_list(list_views, order=20)
