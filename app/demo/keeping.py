"""What of an installation is not the demo's: read out of the old database, put into a clean one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import sqlalchemy as sa
from flask_appbuilder.security.sqla.models import Role, User

from app.core import attachments
from app.core.accounts import AccountState
from app.core.attachments import Attachment
from app.core.db import Model, is_sqlite, session
from app.core.links import AccountLink
from app.core.register import OWNED, Record, registers
from app.demo import company
from app.demo.people import plan_of
from app.engines.calendar import operations as calendars
from app.engines.calendar.calc import DayRow, Name
from app.engines.calendar.models import COMPANY, NOTICE, Calendar, CalendarDay, CalendarYear
from app.engines.dictionary.models import DictionaryEntry
from app.engines.documents.models import PrintTemplate
from app.engines.exchange.asked_models import ExportRule
from app.engines.founding.models import FirstStep, Newcomer
from app.engines.notifications.models import MessageHours, MessageWish
from app.engines.notifications.ways import MessageChannel, MessageSetting
from app.engines.people import catalogue, shipped
from app.engines.people.api_keys import AccountKey
from app.engines.people.models import Deputy, Employee, Holding, OrgUnit
from app.engines.people.own_roles import OwnRole
from app.engines.policy.models import PackVersion, PolicyAdoption, PolicyParameter
from app.engines.reports.plans import ReportPlan
from app.engines.sweeps import operations as sweeps
from app.engines.sweeps.models import SweepJob
from app.engines.views.models import SavedView

Row = dict[str, Any]
Kept = dict[str, Any]
MODELS: tuple[type[Model], ...] = (
    User, AccountState, OwnRole, OrgUnit, Employee, Holding, Deputy, PolicyAdoption, PolicyParameter, Newcomer,
    FirstStep, AccountLink, AccountKey, SavedView, ReportPlan, MessageChannel, MessageSetting, MessageWish,
    MessageHours, PrintTemplate, ExportRule, DictionaryEntry, Attachment,
)
PLACED, LEFT = (Holding, Deputy, ReportPlan, PolicyAdoption, PolicyParameter, Newcomer), ("path", "row_version")
OF_ACCOUNTS, OF_PEOPLE = (AccountKey, SavedView), (MessageWish, MessageHours)
OF_ALL = (OwnRole, FirstStep, MessageChannel, MessageSetting, PrintTemplate, ExportRule, DictionaryEntry)
MAIL = "@demo.invalid"


def own() -> Kept:
    """Everything that somebody made beside the demo, by table; needs the old database."""
    units = _own_units()
    users = set(session.scalars(sa.select(User.id).where(User.email.not_like(f"%{MAIL}"))))
    staff = set(session.scalars(sa.select(Employee.id).where(Employee.unit_id.in_(units))))
    wanted: dict[type[Model], sa.ColumnElement[bool]] = {
        User: User.id.in_(users), AccountState: AccountState.user_id.in_(users), OrgUnit: OrgUnit.id.in_(units),
        Employee: Employee.id.in_(staff), Attachment: Attachment.register == PrintTemplate.__tablename__,
        AccountLink: AccountLink.user_id.in_(users), **dict.fromkeys(OF_ALL, sa.true()),
        **{model: model.__table__.c.unit_id.in_(units) for model in PLACED},
        **{model: model.__table__.c.account_id.in_(users) for model in OF_ACCOUNTS},
        **{model: model.__table__.c.employee_id.in_(staff) for model in OF_PEOPLE},
    }
    wanted[SavedView] &= SavedView.unit_id.is_(None) | SavedView.unit_id.in_(units)
    wanted[ReportPlan] &= ReportPlan.within_id.is_(None) | ReportPlan.within_id.in_(units)
    for model in (Holding, Deputy, ReportPlan):
        wanted[model] &= model.owner_id.in_(staff)
    wanted[Deputy] &= Deputy.deputy_id.in_(staff)
    rows = {model.__tablename__: [_row(row, users, staff, units) for row in _in_order(model, wanted[model])]
            for model in MODELS}  # fmt: skip
    return {
        "rows": rows, "roles": {user.id: [role.name for role in user.roles] for user in session.scalars(
            sa.select(User).where(User.id.in_(users)))},
        "files": dict(_contents(rows[Attachment.__tablename__])),
        "grants": shipped.granted(), "sweeps": [(job.name, job.schedule, job.enabled) for job, _run in
                                                sweeps.jobs_with_last_run()],
        "versions": [_row(row, users, staff, units) for row in _in_order(PackVersion, sa.true())],
        "calendars": [_calendar(row) for row in session.scalars(sa.select(Calendar))],
    }  # fmt: skip


def _contents(rows: Iterable[Row]) -> Iterator[tuple[str, bytes]]:
    """What the kept files hold; the store is put aside with the database."""
    for row in rows:
        with attachments.open_file(row["storage_key"]) as file:
            yield row["storage_key"], file.read()


def _own_units() -> set[int]:
    """Units that no demo company brought, nor lie below one that did."""
    codes = [entry["code"] for package in company.packages() for entry in plan_of(package)["units"]]
    brought = set(session.scalars(sa.select(OrgUnit.id).where(OrgUnit.code.in_(codes))))
    found = session.execute(sa.select(OrgUnit.id, OrgUnit.path))
    return {key for key, path in found if brought.isdisjoint(int(part) for part in path.strip("/").split("/"))}


def _in_order(model: type[Any], wanted: Any) -> Iterable[Any]:
    """Rows so that none comes before one that it needs: units from the top down."""
    order = sa.func.length(OrgUnit.path) if model is OrgUnit else sa.inspect(model).primary_key[0]
    return session.scalars(sa.select(model).where(wanted).order_by(order))


def _row(record: Any, users: set[int], staff: set[int], units: set[int]) -> Row:
    """The values of a row; who is not kept is not named."""
    found = {}
    for column in sa.inspect(type(record)).columns:
        if column.key in LEFT or column.key.endswith("_index"):
            continue
        value = getattr(record, column.key)
        to_user = any(key.column.table is User.__table__ for key in column.foreign_keys)
        found[column.key] = None if to_user and value not in users else value
    for model, name, kept in ((Employee, "relatives", staff), (ReportPlan, "people", staff),
                              (MessageChannel, "unit_ids", units)):  # fmt: skip
        if isinstance(record, model):
            found[name] = [one for one in found[name] or () if one in kept] or None
    return found


def lost() -> dict[str, int]:
    """How many rows of every register an own unit holds that cannot be taken along: its cases, its customers."""
    units, found = _own_units(), {}
    for register in registers().values():
        if register.scope == OWNED and register.model not in MODELS and units:
            table = register.model.__table__
            query = sa.select(sa.func.count()).select_from(table).where(table.c.unit_id.in_(units))
            if number := session.scalar(query):
                found[str(register.label)] = number
    return found


# -- into a clean database ---------------------------------------------------------------------------------------------


def put(kept: Mapping[str, Any]) -> None:
    """Write what was kept; ids stay, so that what leads from one to another still does."""
    session.add_all(Role(name=row["slug"]) for row in kept["rows"][OwnRole.__tablename__])
    session.flush()
    for model in MODELS:
        _insert(model, kept["rows"][model.__tablename__])
    for key, content in kept["files"].items():
        attachments.bring_back(key, content)
    roles = {role.name: role for role in session.scalars(sa.select(Role))}
    for key, names in kept["roles"].items():
        session.get_one(User, key).roles = [roles[name] for name in names if name in roles]
    _grants(kept["grants"])
    _versions(kept["versions"])
    sweeps.sync()
    jobs = {job.name: job for job in session.scalars(sa.select(SweepJob))}
    for name, schedule, enabled in kept["sweeps"]:
        if name in jobs and jobs[name].schedule != schedule:
            sweeps.reschedule(name, schedule)
        if name in jobs:
            jobs[name].enabled = enabled
    for one in kept["calendars"]:
        _put_calendar(one)
    session.flush()


def _grants(wanted: set[tuple[str, str, str]]) -> None:
    """Roles as an administrator left them."""
    for role in catalogue.all_roles():
        pairs = {(slug, action) for name, slug, action in wanted if name == role}
        if pairs != {(slug, action) for _name, slug, action in shipped.granted(role)}:
            shipped.set_granted(role, pairs)


def _insert(model: type[Any], rows: Iterable[Row]) -> None:
    for row in rows:
        session.add(model(**row))
        session.flush()
    if not is_sqlite() and "id" in model.__table__.c:
        table = model.__table__.name
        top = sa.func.coalesce(sa.select(sa.func.max(model.id)).scalar_subquery(), 1)
        session.execute(sa.select(sa.func.setval(sa.func.pg_get_serial_sequence(table, "id"), top)))


def _versions(rows: Iterable[Row]) -> None:
    """The versions of policies that the program does not ship."""
    there = {(one.code, one.version) for one in session.execute(sa.select(PackVersion.code, PackVersion.version))}
    for row in rows:
        if (row["code"], row["version"]) not in there:
            session.add(PackVersion(**{name: value for name, value in row.items() if name != "id"}))
    session.flush()


# -- calendars ---------------------------------------------------------------------------------------------------------

ASKED = ("name_zh", "name_en", "zone", "office_hours", "weekend", "fixed_days")


def _calendar(row: Calendar) -> Row:
    """A calendar with the days and notices that people entered."""
    days = list(session.scalars(sa.select(CalendarDay).where(CalendarDay.calendar_id == row.id)))
    notices = session.scalars(sa.select(CalendarYear).where(CalendarYear.calendar_id == row.id,
                                                            CalendarYear.source.not_like("holidays %")))  # fmt: skip
    return {
        "code": row.code, "facts": {name: getattr(row, name) for name in ASKED},
        "own": [_day(day) for day in days if day.source == COMPANY],
        "notices": [(year.year, year.source, [_day(day) for day in days if day.source == NOTICE
                                              and day.date.year == year.year]) for year in notices],
    }  # fmt: skip


def _day(day: CalendarDay) -> DayRow:
    return DayRow(day.date, day.working, Name(day.name_zh, day.name_en))


def _put_calendar(one: Row) -> None:
    row = session.scalar(sa.select(Calendar).where(Calendar.code == one["code"]))
    if row is None:
        row = Calendar(code=one["code"], **one["facts"])
        session.add(row)
    for name, value in one["facts"].items():
        setattr(row, name, value)
    session.flush()
    for year, source, days in one["notices"]:
        if days:
            calendars.import_notice(one["code"], year, days, source)
    for day in one["own"]:
        calendars.set_day(one["code"], day.date, working=day.working, name=day.name)


def counted(kept: Mapping[str, Any]) -> Iterator[tuple[str, int]]:
    """What is kept, in words and numbers."""
    for model in MODELS:
        number = len(kept["rows"][model.__tablename__])
        if number and issubclass(model, Record):
            yield str(model.register.label), number
