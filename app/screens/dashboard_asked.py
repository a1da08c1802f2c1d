"""What a person asks the dashboard for: months, unit and policy, and the lists that show the same rows."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.sql import ColumnElement

from app.core import access, clock, narrowing, pages, reading
from app.core.access import OWN
from app.core.db import session
from app.core.errors import BadRequest, Problem
from app.core.narrowing import Narrowed
from app.core.register import Register, registers
from app.engines.deadlines.narrowing import end_of_day
from app.engines.people.models import OrgUnit
from app.engines.people.narrowing import WITHIN
from app.engines.policy.narrowing import POLICY, packs_of

if TYPE_CHECKING:
    from app.packs.schema import Pack

CASES, VISITS = "complaint", "visit"
NAMES = ("board", "from", "to", "unit", "policy")
MOST, USUAL = 36, 12
MONTH = re.compile(r"(20\d\d)-(0[1-9]|1[0-2])", re.ASCII)


@dataclass(frozen=True)
class Month:
    """One month of the period."""

    first: dt.date

    @property
    def name(self) -> str:
        """As in ``2025-09``."""
        return f"{self.first:%Y-%m}"

    @property
    def last(self) -> dt.date:
        """Its last day."""
        return _later(self.first, 1) - dt.timedelta(days=1)

    @property
    def instants(self) -> tuple[dt.datetime, dt.datetime]:
        """Its first and its last instant."""
        return clock.from_local(dt.datetime.combine(self.first, dt.time.min)), end_of_day(self.last)

    def args(self, name: str) -> dict[str, str]:
        """The filter of a list for the rows whose instant lies in it."""
        return span(name, self.first, self.last)


def span(name: str, first: dt.date | None, last: dt.date | None) -> dict[str, str]:
    """The filter of a list for the rows whose instant lies between two days, both counted."""
    found = {f"{name}__gte": first, f"{name}__lte": last}
    return {key: day.isoformat() for key, day in found.items() if day}


def _later(first: dt.date, months: int) -> dt.date:
    years, month = divmod(first.month - 1 + months, 12)
    return dt.date(first.year + years, month + 1, 1)


@dataclass(frozen=True)
class Asked:
    """The checked question; ``kept`` is what its address says."""

    months: tuple[Month, ...]
    unit_id: int | None = None
    policy: Pack | None = None
    kept: tuple[tuple[str, str], ...] = ()

    def narrow_of(self, slug: str) -> dict[str, str]:
        """Unit and policy as the list of a register is narrowed by them."""
        found = {WITHIN: str(self.unit_id) if self.unit_id else "", POLICY: self.policy.code if self.policy else ""}
        ways = narrowing.ways(registers()[slug])
        return {name: value for name, value in found.items() if value and name in ways}

    def reached(self, slug: str) -> ColumnElement[bool]:
        """The rows in the person's reach."""
        return access.rows(registers()[slug], passed=True)

    def rows(self, slug: str = CASES) -> list[ColumnElement[bool]]:
        """The rows in the person's reach, of the unit and the policy."""
        register = registers()[slug]
        ways = (Narrowed(name, value, "") for name, value in self.narrow_of(slug).items())
        return [self.reached(slug), *(narrowing.condition(register, way) for way in ways)]

    def during(self, column: Any) -> ColumnElement[bool]:
        """An instant in the period."""
        return sa.and_(column >= self.months[0].instants[0], column <= self.months[-1].instants[1])

    def span(self, name: str) -> dict[str, str]:
        """The same as a filter of a list."""
        return span(name, self.months[0].first, self.months[-1].last)

    def list(self, slug: str, asked: Mapping[str, str]) -> str:
        """The address of the list with exactly these rows."""
        return f"{pages.url(registers()[slug], 'list')}?{urlencode({**self.narrow_of(slug), **asked})}"


def may_look(person: access.Access, slug: str = CASES) -> bool:
    """Whether somebody reads rows of more than himself."""
    return any(reach.scope != OWN for reach in person.reaches(slug, "read"))


def cases() -> Register:
    """The register that is counted."""
    return registers()[CASES]


def policies(slugs: Iterable[str] = (CASES,)) -> dict[str, Pack]:
    """The policies that a dashboard over some registers may be narrowed to."""
    return {code: pack for slug in slugs for code, pack in packs_of(slug).items()}


def units() -> list[tuple[int, str]]:
    """The units that a dashboard may be narrowed to, each indented below the one above it."""
    rows = session.execute(sa.select(OrgUnit.id, OrgUnit.name, OrgUnit.path).order_by(OrgUnit.path))
    return [(row.id, "　" * (row.path.count("/") - 2) + row.name) for row in rows]


def read(args: Mapping[str, str], known: Mapping[str, Pack]) -> Asked:
    """Check the filters, the policy among those known; raises ``BadRequest`` naming each that is wrong."""
    problems: list[Problem] = []
    months = _months(args, problems)
    unit_id, policy = _unit(args.get("unit", ""), problems), _policy(args.get("policy", ""), known, problems)
    if problems:
        raise BadRequest(*problems)
    return Asked(months, unit_id, policy, tuple((name, args[name]) for name in NAMES if args.get(name)))


def _months(args: Mapping[str, str], problems: list[Problem]) -> tuple[Month, ...]:
    this = clock.today().replace(day=1)
    last = _first(args.get("to", ""), "to", this, problems)
    first = _first(args.get("from", ""), "from", _later(last, 1 - USUAL), problems)
    number = 12 * (last.year - first.year) + last.month - first.month + 1
    if not 1 <= number <= MOST:
        text = _("A period has 1 to %(most)s months, and ends no earlier than it begins.", most=MOST)
        problems.append(Problem(text, "from", "range"))
        return ()
    return tuple(Month(_later(first, place)) for place in range(number))


def _first(raw: str, name: str, default: dt.date, problems: list[Problem]) -> dt.date:
    if not raw:
        return default
    if (found := MONTH.fullmatch(raw)) is None:
        problems.append(Problem(_("Please give the month as in 2025-09."), name, "value"))
        return default
    return dt.date(int(found[1]), int(found[2]), 1)


def _unit(raw: str, problems: list[Problem]) -> int | None:
    if not raw:
        return None
    number = reading.number(raw)
    if number is None or session.scalar(sa.select(OrgUnit.id).where(OrgUnit.id == min(number, 2**31 - 1))) is None:
        problems.append(Problem(_("There is no unit “%(value)s”.", value=raw[:40]), "unit", "reference"))
    return number


def _policy(raw: str, known: Mapping[str, Pack], problems: list[Problem]) -> Pack | None:
    if raw and raw not in known:
        problems.append(Problem(_("There is no policy “%(value)s”.", value=raw[:40]), "policy", "reference"))
    return known.get(raw)
