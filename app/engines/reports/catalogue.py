"""Which reports there are, and who may open them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from flask_babel import gettext as _

from app.core import access, clock
from app.core.access import ALL, Access
from app.core.db import session
from app.core.errors import BadRequest, Forbidden, NotFound, Problem
from app.core.wording import listed
from app.core.words import post_label
from app.engines.deadlines import periods
from app.engines.deadlines.periods import Period
from app.engines.policy import operations as policy
from app.engines.policy.calc import Settings
from app.engines.policy.models import PolicyAdoption
from app.engines.reports import periods_of

if TYPE_CHECKING:
    from app.packs.listings import Lacks, Shows
    from app.packs.recurring import Report as Written
    from app.packs.schema import Pack

FIRST_YEAR, DIGITS = 2000, 10


@dataclass(frozen=True)
class Report:
    """A report of the version of a policy that is in force."""

    pack: Pack
    written: Written

    @property
    def shows(self) -> Shows:
        """The rows that it lists; raises ``LookupError`` for a report that only counts."""
        if self.written.shows is None:
            raise LookupError(self.key)
        return self.written.shows

    @property
    def lacks(self) -> Lacks:
        """What each of its rows is owed; raises ``LookupError`` for a report of another kind."""
        if self.shows.lacks is None:
            raise LookupError(self.key)
        return self.shows.lacks

    @property
    def lists(self) -> bool:
        """Whether it lists rows, and does not only count."""
        return self.written.shows is not None

    @property
    def slug(self) -> str:
        """The register that it is about."""
        found = self.written.shows or self.written.figures
        return found.register_ if found else ""

    def settings(self, adopter_id: int | None) -> Settings:
        """The settings of the policy, as they hold for an adopting unit."""
        if adopter_id is None:
            return Settings(self.pack)
        return policy.settings_for(self.pack, adopter_id, clock.today())

    @property
    def key(self) -> str:
        """The full key, such as ``B02.overdue``."""
        return f"{self.pack.code}.{self.written.key}"

    @property
    def audience(self) -> list[str]:
        """Full codes of the posts that the policy names as its readers."""
        return [f"{self.pack.code}.{post}" for post in self.written.audience]

    @property
    def kept_as(self) -> list[str]:
        """The full keys under which it is kept: its own, or those of the tasks that work on it."""
        tasks = [f"{self.pack.code}.{task.key}" for task in self.pack.tasks.values() if task.report == self.written.key]
        return [self.key] if self.written.keep else tasks

    @property
    def makers(self) -> list[str]:
        """Full codes of the posts whose recurring task it is to make it, or whose unit keeps it."""
        tasks = (task for task in self.pack.tasks.values() if task.report == self.written.key)
        kept = self.written.keep.posts if self.written.keep else ()
        return [f"{self.pack.code}.{post}" for post in (*(post for task in tasks for post in task.posts), *kept)]


@dataclass(frozen=True)
class Choice:
    """What a person picked: a period, a unit, a post; and the instant of asking. Without a period the present month."""

    now: dt.datetime
    period: Period | None = None
    unit_id: int | None = None
    post: str = ""

    @property
    def first(self) -> dt.datetime:
        """The first instant of the period."""
        first = self.period.first if self.period else clock.to_local(self.now).date().replace(day=1)
        return clock.from_local(dt.datetime.combine(first, dt.time.min))

    @property
    def after(self) -> dt.datetime:
        """The first instant after the period."""
        last = self.period.last if self.period else _month(clock.to_local(self.now).date()).last
        return clock.from_local(dt.datetime.combine(last + dt.timedelta(days=1), dt.time.min))


def _month(day: dt.date) -> Period:
    following = (day.replace(day=1) + dt.timedelta(days=32)).replace(day=1)
    return periods.ended_before("month", following)


def read_choice(args: Any, kind: str = "month") -> Choice:
    """What a query string asks for: a month, or by its name a ``period`` of the report's kind.

    Raises ``BadRequest`` for a month, a period or a unit that cannot be one.
    """
    month, name, unit = (args.get(key, "").strip() for key in ("month", "period", "unit"))
    period, problems = periods_of.named(kind, name) if name else _read_month(month), []
    if name and (period is None or period.first.year < FIRST_YEAR):
        problems.append(Problem(_("There is no such period."), "period", "period"))
    elif month and period is None:
        problems.append(Problem(_("A month is written like 2025-09."), "month", "month"))
    if unit and not (unit.isdecimal() and len(unit) < DIGITS):
        problems.append(Problem(_("There is no such unit."), "unit", "reference"))
    if problems:
        raise BadRequest(*problems)
    return Choice(clock.now(), period, int(unit) if unit else None, args.get("post", "").strip()[:60])


def _read_month(text: str) -> Period | None:
    try:
        day = dt.date.fromisoformat(f"{text}-01")
    except ValueError:
        return None
    return _month(day) if len(text) == len("2025-09") and day.year >= FIRST_YEAR else None


def reports() -> list[Report]:
    """Every report of the policies that units work by today, whoever asks."""
    day = clock.today()
    valid = PolicyAdoption.valid_from <= day, sa.func.coalesce(PolicyAdoption.valid_to, day) >= day
    codes = session.scalars(sa.select(PolicyAdoption.policy).where(*valid).distinct().order_by(PolicyAdoption.policy))
    versions = policy.current_versions(day)
    return [report for code in codes if code in versions for report in _of_version(versions[code].id)]


def reports_of(code: str, day: dt.date) -> list[Report]:
    """The reports of one policy as it stands on a day."""
    version = policy.current_version(code, day)
    return _of_version(version.id) if version is not None else []


def _of_version(version_id: int) -> list[Report]:
    pack = policy.pack_for(version_id)
    return [Report(pack, written) for written in pack.reports.values() if written.shows or written.figures]


def details_of(pack: Pack) -> dict[str, str]:
    """The detail register of each register of a policy."""
    return {slug: case.detail for slug, case in pack.cases.items() if case.detail}


def open_to(person: Access) -> list[Report]:
    """The reports that a person may open."""
    return [report for report in reports() if may_open(report, person)]


def may_open(report: Report, person: Access) -> bool:
    """Whether the policy names one of the person's posts as reader or maker, or the person sees every row anyway."""
    slug = report.slug
    if not person.can(slug, "read"):
        return False
    sees_all = any(reach.scope == ALL for reach in person.reaches(slug, "read"))
    return sees_all or person.holds([*report.audience, *report.makers]) is not None


def find(key: str) -> Report:
    """A report that the person may open.

    Raises ``NotFound`` for an unknown one, ``Forbidden`` naming the policy's readers for somebody else's.
    """
    report = next((report for report in reports() if report.key == key), None)
    if report is None:
        raise NotFound()
    if not may_open(report, access.current()):
        posts = listed(map(post_label, report.audience))
        text = _("“%(report)s” is read by: %(posts)s.", report=str(report.written.label), posts=posts)
        raise Forbidden(Problem(text, rule="audience", clause=report.written.clause))
    return report
