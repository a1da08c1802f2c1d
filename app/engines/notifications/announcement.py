"""Announcements (通知公告): somebody tells units or roles something, and sees who has read it and when."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Mapped
from werkzeug.datastructures import FileStorage

from app.core import access, attachments, clock, fields
from app.core.db import session
from app.core.errors import NotFound, Problem, Refusal
from app.core.register import Record, Register, Section
from app.core.wording import N_
from app.engines.notifications import operations, settings
from app.engines.notifications.models import IN_APP, OutboxMessage
from app.engines.people.catalogue import RoleChoices
from app.engines.people.models import Employee, Holding, OrgUnit

FILES = "files"
TOLD = N_("Announcement: %(title)s")
REMINDED = N_("Please read: %(title)s")


class Announcement(Record):
    """A text for everybody of some units, or for who holds some roles in them; told once, it stays as it is."""

    title: Mapped[str] = fields.text(_l("Headline"), 120, computed=True)
    text: Mapped[str] = fields.longtext(_l("Text"), 5000, computed=True)
    files = fields.files(_l("Attachments"), computed=True)
    unit_ids: Mapped[list[int]] = fields.refs(
        _l("For the people of"), "org_unit", computed=True, help=_l("These units and those below them."),
    )
    roles: Mapped[list[str] | None] = fields.choices(
        _l("Only who holds"), RoleChoices(), computed=True, width=3, help=_l("Nothing ticked means everybody there."),
    )
    owner_id: Mapped[int | None] = fields.ref(_l("By"), "employee", computed=True)
    unit_id: Mapped[int] = fields.ref(_l("Of unit"), "org_unit", computed=True)
    told: Mapped[int] = fields.integer(_l("People told"), computed=True)
    reminded_at: Mapped[dt.datetime | None] = fields.datetime(_l("Last reminded"), computed=True)

    register = Register(
        area="organisation", label=_l("Announcement to staff"), title="title", icon="speakerphone",
        list=("title", "owner_id", "unit_id", "told"), search=("title",), actions=frozenset(), permissions=("write",),
        menu=False,
        sections=(
            Section(_l("Announcement to staff"), ("title", "text", "files")),
            Section(_l("For whom"), ("unit_ids", "roles", "owner_id", "unit_id", "told", "reminded_at")),
        ),
    )


def announce(given: Mapping[str, Any], files: Iterable[FileStorage] = ()) -> Announcement:
    """Tell the people of units in the writer's reach; raises ``Refusal``, also for a file. The caller commits."""
    author, units = _author(), sorted(set(given["unit_ids"]))
    Refusal.when(_out_of_reach(units))
    made = Announcement(
        title=given["title"], text=given["text"], unit_ids=units, roles=given.get("roles") or None,
        owner_id=author.id, unit_id=author.unit_id, told=0,
    )
    people = audience(units, made.roles or ())
    if not people:
        raise Refusal(Problem(_("Nobody works there who could be told."), "unit_ids", "nobody"))
    made.told = len(people)
    session.add(made)
    session.flush()
    attachments.receive(operations.ANNOUNCEMENT, made.id, FILES, files)
    _tell(made, f"announcement:{made.id}", people, TOLD)
    return made


def audience(unit_ids: Collection[int], roles: Collection[str]) -> list[int]:
    """The people who work in the units or below them; with roles only who holds one of these today."""
    top = sa.orm.aliased(OrgUnit)
    below = sa.select(OrgUnit.id).join(top, OrgUnit.path.startswith(top.path)).where(top.id.in_(unit_ids))
    query = sa.select(Employee.id).where(Employee.active, Employee.unit_id.in_(below)).order_by(Employee.id)
    if roles:
        held = sa.exists().where(
            Holding.owner_id == Employee.id, Holding.role.in_(roles), Holding.holds_on(clock.today())
        )
        query = query.where(held)
    return list(session.scalars(query))


def _author() -> Employee:
    key = access.current().employee_id
    person = session.get(Employee, key) if key else None
    if person is None:
        raise Refusal(Problem(_("Only somebody who is an employee can announce something."), None, "employee"))
    return person


def _out_of_reach(unit_ids: Sequence[int]) -> Iterator[Problem]:
    reaches = access.current().reaches(operations.ANNOUNCEMENT, "write")
    known = session.scalars(sa.select(OrgUnit).where(OrgUnit.id.in_(unit_ids))).all()
    if len(known) < len(unit_ids):
        yield Problem(_("There is no such unit."), "unit_ids", "reference")
    for unit in known:
        if not any(access.covers(reach, unit) for reach in reaches):
            yield Problem(_("You may not announce to “%(unit)s”.", unit=unit.name), "unit_ids", "reach")


def _tell(made: Announcement, event: str, people: Sequence[int], text: str) -> None:
    url, about = f"/notices/announcement/{made.id}", (operations.ANNOUNCEMENT, made.id)
    operations.notify(event, people, text, {"title": made.title}, url, "", about)


# -- reading -----------------------------------------------------------------------------------------------------------


def read_by(key: int) -> Announcement:
    """An announcement as one who was told of it reads it; raises ``NotFound`` for everybody else."""
    me = access.current().employee_id
    told = sa.exists().where(
        OutboxMessage.event == f"announcement:{key}", OutboxMessage.person_id == me, OutboxMessage.channel == IN_APP
    )
    if me is None or not session.scalar(sa.select(told)):
        raise NotFound()
    operations.mark_read_of(me, operations.ANNOUNCEMENT, key)
    return session.get_one(Announcement, key)


def receipts(made: Announcement) -> Sequence[Any]:
    """Who was told, with unit and when he read it; who has not read it comes first."""
    query = (
        sa.select(Employee.id, Employee.number, Employee.name, OrgUnit.name.label("unit"), OutboxMessage.read_at)
        .join(Employee, Employee.id == OutboxMessage.person_id)
        .join(OrgUnit, OrgUnit.id == Employee.unit_id)
        .where(OutboxMessage.event == f"announcement:{made.id}", OutboxMessage.channel == IN_APP)
    )
    unread_first = sa.case((OutboxMessage.read_at.is_(None), 0), else_=1)
    return session.execute(query.order_by(unread_first, OutboxMessage.read_at, Employee.number)).all()


def read_counts(keys: Collection[int]) -> dict[int, int]:
    """How many have read each of some announcements."""
    events = {f"announcement:{key}": key for key in keys}
    query = sa.select(OutboxMessage.event, sa.func.count()).where(
        OutboxMessage.event.in_(events), OutboxMessage.channel == IN_APP, OutboxMessage.read_at.is_not(None)
    )
    return {events[event]: count for event, count in session.execute(query.group_by(OutboxMessage.event))}


def remind(key: int) -> int:
    """Remind everybody who has not read an announcement; how many. Raises ``Refusal`` too soon after the last time."""
    made = session.scalar(
        sa.select(Announcement)
        .where(Announcement.id == key, access.rows(Announcement.register, "write"))
        .with_for_update()
    )
    if made is None:
        raise NotFound()
    now = clock.now()
    pause = dt.timedelta(minutes=settings.current().remind_minutes)
    if made.reminded_at is not None and now - made.reminded_at < pause:
        said = _("They were reminded less than %(minutes)s minutes ago.", minutes=int(pause.total_seconds() // 60))
        raise Refusal(Problem(said, None, "pause"))
    missing = [row.id for row in receipts(made) if row.read_at is None]
    if missing:
        _tell(made, f"announcement.reminder:{made.id}:{int(now.timestamp())}", missing, REMINDED)
        made.reminded_at = now
        session.flush()
    return len(missing)
