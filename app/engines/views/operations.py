"""Views of a register as a person has them: found with one statement, saved, shared, made the first, dropped."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import urlencode

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy import orm

from app.core import access, actor, clock, query, reading
from app.core.criteria import RESERVED
from app.core.db import session
from app.core.errors import BadRequest, Forbidden, NotFound, Problem, Refusal
from app.core.kinds import LARGEST
from app.core.register import Register, registers
from app.engines.people import catalogue
from app.engines.people.models import Holding, OrgUnit
from app.engines.views.models import LONGEST, OWN, ROLE, SHARES, UNIT, SavedView

MOST = 60
LAYOUT = ("columns", "size")
PASSING = RESERVED - {"order", "q", *LAYOUT}
_table = SavedView.__table__


@dataclass(frozen=True)
class Arranged:
    """What a person has for a register: the views he may open, his own layout, and the view that comes first."""

    views: Sequence[SavedView]
    layout: SavedView | None

    @property
    def first(self) -> SavedView | None:
        """The view with which the list begins."""
        return self.by_id(self.layout.first_id) if self.layout and self.layout.first_id else None

    def by_id(self, key: int | None) -> SavedView | None:
        """A view among those that the person may open."""
        return next((view for view in self.views if view.id == key), None)


# -- finding ---------------------------------------------------------------------------------------------------------


def of(register: Register) -> Arranged:
    """Everything that is arranged for the person in a register; one statement."""
    person, account = access.current(), actor.user_id()
    given = {"slug": register.slug, "account": account, "me": person.employee_id, "day": clock.today()}
    found = session.scalars(_query(person.everything), given).all()
    own = next((row for row in found if not row.name and row.account_id == account), None)
    return Arranged([row for row in found if row.name], own)


@lru_cache(maxsize=2)
def _query(everything: bool) -> sa.Select[tuple[SavedView]]:
    """One's own views and those that others share with one, by the roles and units of the day; built once."""
    shared = _table.c.role.is_not(None) | _table.c.unit_id.is_not(None)
    mine = _table.c.account_id == sa.bindparam("account")
    open_to_me = mine | (shared if everything else sa.and_(shared, _shared_with_me()))
    rows = sa.select(SavedView).where(_table.c.register == sa.bindparam("slug"), open_to_me)
    return rows.order_by(_table.c.name, _table.c.id).limit(4 * MOST)


def _shared_with_me() -> sa.ColumnElement[bool]:
    day = sa.bindparam("day", type_=sa.Date())
    held = (Holding.owner_id == sa.bindparam("me", type_=_table.c.id.type)) & Holding.holds_on(day)
    roles = sa.select(Holding.role).where(held)
    home, top = orm.aliased(OrgUnit), orm.aliased(OrgUnit)
    units = (
        sa.select(top.id)
        .join(home, home.path.startswith(top.path))
        .join(Holding, Holding.unit_id == home.id)
        .where(held, top.id == _table.c.unit_id)
        .correlate(_table)
    )
    return _table.c.role.in_(roles) | units.exists()


def all_of_mine() -> Sequence[SavedView]:
    """The person's own views of every register."""
    mine = sa.select(SavedView).where(SavedView.account_id == actor.user_id(), SavedView.name != "")
    found = session.scalars(mine.order_by(SavedView.register, SavedView.name).limit(4 * MOST))
    return [view for view in found if view.register in registers()]


def named(view_id: int) -> SavedView | None:
    """A view by its id, whoever made it: it opens no row by itself."""
    view = session.get(SavedView, view_id)
    return view if view is not None and view.name and view.register in registers() else None


def find(view_id: int) -> SavedView:
    """A view that the person may open; raises ``NotFound`` for every other."""
    view = session.get(SavedView, view_id) if 0 < view_id < LARGEST else None
    if view is None or not view.name or view.register not in registers():
        raise NotFound()
    if of(registers()[view.register]).by_id(view_id) is None:
        raise NotFound()
    return view


def find_mine(view_id: int) -> SavedView:
    """A view that the person may change: his own, or as an administrator one that is shared."""
    view = find(view_id)
    if not may_change(view):
        raise Forbidden(_("Only whoever made this view, or an administrator, changes it."))
    return view


def may_change(view: SavedView) -> bool:
    """Whether a view is the person's own, or he administers."""
    return view.account_id == actor.user_id() or access.current().everything


def by_word(word: str) -> SavedView:
    """The view that a link leads to, whoever made it: it shows each person the rows in his own reach."""
    view = session.scalar(sa.select(SavedView).where(_table.c.word == word[:40], _table.c.name != ""))
    if view is None or view.register not in registers():
        raise NotFound()
    access.require(registers()[view.register].guarded_by, "read")
    return view


# -- what a view asks of its list --------------------------------------------------------------------------------------


def args_of(view: SavedView) -> dict[str, str]:
    """What a view puts into the address of its list; what the register no longer has is left out."""
    register = registers()[view.register]
    known = query.listable(register)
    columns = [name for name in view.columns if name in known]
    asked = {key: value for key, value in view.asked.items() if _understood(register, key, value)}
    return asked | ({"columns": ",".join(columns)} if columns else {}) | ({"size": str(view.size)} if view.size else {})


def _understood(register: Register, key: str, value: str) -> bool:
    try:
        query.read_criteria(register, {key: value})
    except BadRequest:
        return False
    return True


def address(view: SavedView, path: str) -> str:
    """The address of a list as a view has it."""
    return f"{path}?{urlencode(args_of(view) | {'view': str(view.id)})}"


def kept(register: Register, args: Mapping[str, str]) -> dict[str, str]:
    """What of an address belongs to a view: filters, order, words; raises ``BadRequest`` for what is none.

    Personal data is not kept in views: they are not encrypted, and may be shared.
    """
    criteria = query.read_criteria(register, args)
    personal = [register.fields[item.name] for item in criteria.filters if item.name in register.personal]
    text = _("A filter by personal data (%(fields)s) is not kept in a view; remove it first.")
    Refusal.when(Problem(text % {"fields": spec.label}, spec.name, "personal") for spec in personal)
    return {key: value for key, value in args.items() if key not in PASSING and key not in LAYOUT and value}


def is_changed(view: SavedView, args: Mapping[str, str]) -> bool:
    """Whether a list asks for something else than the view it was opened by."""
    return {key: value for key, value in args.items() if key not in PASSING and value} != args_of(view)


# -- saving ------------------------------------------------------------------------------------------------------------


def save(register: Register, name: str, args: Mapping[str, str], share: str = OWN, with_whom: str = "") -> SavedView:
    """Keep a list under a name, over an own view of the same name; raises ``Refusal`` with every problem."""
    asked, criteria = kept(register, args), query.read_criteria(register, args)
    arranged = of(register)
    mine = [view for view in arranged.views if view.account_id == actor.user_id()]
    name = " ".join(name.split())
    view = next((one for one in mine if one.name == name), None)
    problems = [*_name_problems(name), *_share_problems(register, share, with_whom)]
    if view is None and len(mine) >= MOST:
        problems.append(Problem(_("At most %(count)s views of a register are kept.", count=MOST), "name", "count"))
    Refusal.when(problems)
    if view is None:
        view = SavedView(register=register.slug, name=name)
        session.add(view)
    view.asked, view.columns = asked, list(query.shown(register, criteria))
    view.size = criteria.size if args.get("size") else None
    _share(view, share, with_whom)
    session.flush()
    return view


def rename(view: SavedView, name: str) -> None:
    """Give a view another name; raises ``Refusal`` for one that its maker has already."""
    name = " ".join(name.split())
    other = sa.select(SavedView.id).where(
        _table.c.register == view.register, _table.c.account_id == view.account_id, _table.c.name == name,
        _table.c.id != view.id,
    )  # fmt: skip
    taken = Problem(_("There is a view “%(name)s” already.", name=name), "name", "unique")
    Refusal.when([*_name_problems(name), *([taken] if session.scalar(other) is not None else [])])
    view.name = name
    session.flush()


def share_with(view: SavedView, share: str, with_whom: str) -> None:
    """Share a view with a role or a unit, or with nobody."""
    Refusal.when(_share_problems(registers()[view.register], share, with_whom))
    _share(view, share, with_whom)
    session.flush()


def _share(view: SavedView, share: str, with_whom: str) -> None:
    view.role = with_whom if share == ROLE else None
    view.unit_id = reading.number(with_whom) if share == UNIT else None


def _name_problems(name: str) -> Iterable[Problem]:
    if not name:
        yield Problem(_("Please give the view a name."), "name", "required")
    elif len(name) > LONGEST or not reading.is_shown(name):
        yield Problem(_("A name has at most %(count)s characters that can be shown.", count=LONGEST), "name", "text")


def _share_problems(register: Register, share: str, with_whom: str) -> Iterable[Problem]:
    if share not in SHARES:
        yield Problem(_("“%(value)s” is not one of the choices.", value=share[:40]), "share", "choice")
    elif share == ROLE and with_whom not in dict(roles(register)):
        text = _("Only whoever reads all rows of a register shares its views with a role.")
        yield Problem(text, "role", "share")
    elif share == UNIT and reading.number(with_whom) not in dict(units(register)):
        text = _("Views are shared with units whose rows one reads as a whole; this is none of them.")
        yield Problem(text, "unit_id", "share")


def roles(register: Register) -> list[tuple[str, str]]:
    """The roles with which the person may share views of a register: all, if he reads all its rows."""
    person = access.current()
    everywhere = any(reach.scope == access.ALL for reach in person.reaches(register.guarded_by, "read"))
    return [(slug, str(label)) for slug, label in catalogue.role_labels().items()] if everywhere else []


def units(register: Register) -> list[tuple[int, str]]:
    """The units with which the person may share views of a register: those whose rows he reads as a whole."""
    reaches = [one for one in access.current().reaches(register.guarded_by, "read") if one.scope != access.OWN]
    if not reaches:
        return []
    rows = session.execute(sa.select(OrgUnit.id, OrgUnit.name, OrgUnit.path).order_by(OrgUnit.path))
    return [(row.id, row.name) for row in rows if any(access.covers(reach, row) for reach in reaches)]


# -- one's own layout --------------------------------------------------------------------------------------------------


def _layout(register: Register) -> SavedView:
    """The person's own layout of a register, made if there is none."""
    own = of(register).layout
    if own is None:
        own = SavedView(register=register.slug, name="")
        session.add(own)
    return own


def keep_columns(register: Register, columns: Sequence[str]) -> None:
    """Keep the columns that a person wants in a list; the register's own, or none, are no choice at all."""
    names = query.read_criteria(register, {"columns": ",".join(columns)}).columns
    _layout(register).columns = [] if names == register.list else list(names)
    session.flush()


def begin_with(register: Register, view: SavedView | None) -> None:
    """Let the list of a register begin with a view."""
    _layout(register).first_id = view.id if view else None
    session.flush()


def drop(view: SavedView) -> None:
    """Forget a view; lists that began with it begin as they came."""
    begun = sa.update(SavedView).where(_table.c.first_id == view.id)
    session.execute(begun.values(first_id=None))
    session.delete(view)
    session.flush()


def sorted_by_owner(views: Iterable[SavedView]) -> Iterator[SavedView]:
    """One's own first."""
    return iter(sorted(views, key=lambda view: (view.account_id != actor.user_id(), view.name)))
