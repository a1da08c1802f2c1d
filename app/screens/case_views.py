"""Fixed views above every list of cases, with their counts, and the counts in the menu."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import sqlalchemy as sa
from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.sql import ColumnElement

from app.core import access, pages, shell
from app.core.access import Access
from app.core.db import session
from app.core.narrowing import Narrowed, condition
from app.core.pages import ListPage
from app.core.query import Page
from app.core.register import Register, registers
from app.core.words import post_label
from app.engines.deadlines import narrowing as by_clock
from app.engines.policy import stages

ENOUGH = 200
IN_MENU = 99
STAGES = (
    ("stage", stages.OPEN, _l("In hand")), ("stage", stages.MINE, _l("Mine")), ("clock", by_clock.LATE, _l("Late")),
    ("clock", by_clock.WEEK, _l("Due within seven days")), ("stage", stages.CLOSED, _l("Closed")),
)


def list_views(page: ListPage, found: Page) -> None:
    """All, in hand, mine, late, due soon, closed; counted with one statement, up to a limit."""
    register = page.register
    if not stages.has_stages(register) or register.parent:
        return
    _say_who_opens(page)
    views = [view for view in STAGES if view[0] != "clock" or register.from_pack]
    counts = _count(register, (condition(register, Narrowed(name, value, "")) for name, value, _label in views))
    asked = found.criteria.narrowed
    chosen = (asked[0].name, asked[0].value) if len(asked) == 1 else None
    here = f"{request.script_root}{request.path}"
    page.views.append({"label": _l("All"), "url": here, "count": None, "active": not asked})
    for (name, value, label), number in zip(views, counts, strict=True):
        page.views.append({"label": label, "url": f"{here}?{name}={value}", "count": shown(number),
                           "active": chosen == (name, value)})
    if chosen in {view[:2] for view in views}:
        page.chips = [chip for chip in page.chips if chip.get("way") != chosen[0]]


def _say_who_opens(page: ListPage) -> None:
    """Instead of a button that would be refused: who opens such a case."""
    if page.actions and not stages.may_open(page.register):
        page.actions = [action for action in page.actions if action["icon"] != "plus"]
        posts = "、".join(post_label(code) for code in stages.openers(page.register.slug))
        page.subtitle = _("Opened by: %(posts)s", posts=posts)


def _count(register: Register, conditions: Iterable[ColumnElement[bool]]) -> list[int]:
    in_reach = access.rows(register)
    return list(session.execute(sa.select(*(_up_to(ENOUGH, register, in_reach, c) for c in conditions))).one())


def _up_to(limit: int, register: Register, *where: ColumnElement[bool]) -> Any:
    """How many rows there are, counted no further than one past the limit."""
    some = sa.select(sa.literal(1)).select_from(register.model.__table__).where(*where).limit(limit + 1)
    return sa.select(sa.func.count()).select_from(some.subquery()).scalar_subquery()


def shown(number: int, limit: int = ENOUGH) -> str | int:
    """A count as people read it."""
    return f"{limit}+" if number > limit else number


def cases(person: Access) -> list[Register]:
    """The registers of cases that the person may read."""
    return [r for r in registers().values() if r.from_pack and not r.detail_of and person.can(r.slug, "read")]


@shell.fact("menu_counts")
def menu_counts(person: Access) -> Mapping[str, tuple[Any, bool]]:
    """How many of my cases each register has in hand, and whether one of them is late; one statement."""
    known = [register for register in cases(person) if register.menu]
    if not known:
        return {}
    columns = []
    for register in known:
        mine = (access.rows(register), stages.mine(register))
        columns += [_up_to(IN_MENU, register, *mine), _up_to(0, register, *mine, by_clock.late(register))]
    found = list(session.execute(sa.select(*columns)).one())
    return {
        register.slug: (shown(found[2 * at], IN_MENU), bool(found[2 * at + 1])) for at, register in enumerate(known)
    }


pages.on_list(list_views, order=20)
