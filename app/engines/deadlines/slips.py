"""Issuing slips for late clocks, proposing inquiries when a case is closed, and what follows from either."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from app.core import clock, moves
from app.core.access import Access
from app.core.db import session
from app.core.errors import Forbidden, Problem
from app.core.moves import Moved, Step
from app.core.wording import N_
from app.core.words import post_label
from app.engines.audit import operations as audit
from app.engines.deadlines import operations, plan
from app.engines.deadlines.models import DeadlineClock
from app.engines.deadlines.rules import LATE_CLOSED, LATE_OPEN, Rules
from app.engines.deadlines.slip import INQUIRY, ISSUED, PROPOSED, URGE, UrgeSlip
from app.engines.deadlines.watch import Due, Watch
from app.engines.notifications import operations as notifications
from app.engines.numbering import operations as numbering
from app.engines.people import operations as people
from app.engines.policy import operations as policy

ISSUED_TO_YOU = N_("Slip %(slip)s of %(case)s awaits your answer")
TO_ISSUE = N_("Inquiry slip %(slip)s of %(case)s is to be issued")
WAS_ISSUED = N_("Slip %(slip)s was issued")
WAS_ANSWERED = N_("Slip %(slip)s of %(case)s was answered")
WAS_SETTLED = N_("Slip %(slip)s of %(case)s is settled")
ASKED_AGAIN = N_("Slip %(slip)s of %(case)s asks again: %(reason)s")
KINDS = {LATE_OPEN: URGE, LATE_CLOSED: INQUIRY}
MINUTE = dt.timedelta(minutes=1)

_slips = UrgeSlip.__table__


def issue_for_late(watch: Watch, late: Sequence[Due]) -> dict[int, str]:
    """Issue the slips that the pack wants for newly late clocks of open cases; slip numbers by clock id.

    One statement numbers and one writes the slips of each kind, however many there are.
    """
    return _write_all(watch, late, LATE_OPEN)


def propose_inquiries(slug: str, record_id: int) -> list[UrgeSlip]:
    """Propose an inquiry slip for every late step of a closed case that has none, and let the time to issue it run."""
    watch = Watch(clock.now())
    numbers = _write_all(watch, watch.look_up(operations.late_steps(slug, record_id)), LATE_CLOSED)
    query = sa.select(UrgeSlip).where(UrgeSlip.clock_id.in_(numbers), UrgeSlip.kind == INQUIRY).order_by(UrgeSlip.id)
    made = list(session.scalars(query))
    for slip in made:
        _await_issue(watch, slip)
    return made


def slips_of(slug: str, record_id: int) -> list[UrgeSlip]:
    """Every slip about a case, in the order they were made."""
    about = (UrgeSlip.of_register == slug) & (UrgeSlip.record_id == record_id)
    return list(session.scalars(sa.select(UrgeSlip).where(about).order_by(UrgeSlip.id)))


# -- writing ---------------------------------------------------------------------------------------------------------


def _write_all(watch: Watch, late: Sequence[Due], trigger: str) -> dict[int, str]:
    """Slips for the clocks that the pack wants one for; a step never gets a second one, not even after an extension."""
    wanted: dict[tuple[int, int, str], list[Due]] = defaultdict(list)
    known = _having(late, KINDS[trigger])
    for due in late:
        for spec in due.setting.rule.slips:
            if spec.trigger == trigger and due.row.id not in known:
                wanted[due.row.pack_version_id, due.row.adopter_id, spec.key].append(due)
    numbers: dict[int, str] = {}
    for (_version, _adopter, key), some in wanted.items():
        numbers |= _write(watch, key, some)
    return numbers


def _having(late: Sequence[Due], kind: str) -> set[int]:
    """Clocks that have their slip: only one whose limit was moved, or that stopped, can have been late before."""
    again = [due.row.id for due in late if due.row.stopped_at or due.row.due_at != due.row.first_due_at]
    if not again:
        return set()
    query = sa.select(_slips.c.clock_id).where(_slips.c.clock_id.in_(again), _slips.c.kind == kind)
    return set(session.scalars(query))


def _write(watch: Watch, key: str, late: Sequence[Due]) -> dict[int, str]:
    known = late[0].setting.rules
    spec, slip_key = known.pack.slips[key], known.code("slips", key)
    stamp = _stamp(watch.at, known, slip_key, late[0].row.adopter_id)
    rows = [stamp | row for due in late if (row := _row(watch.at, due))["unit_id"] is not None]
    scopes = [(f"{slip_key}:{row['adopter_id']}:{row['case_title']}", {"case": row["case_title"]}) for row in rows]
    numbers = numbering.reserve(known.pack.numbering[spec.numbering].pattern, scopes, at=watch.at)
    for row, number in zip(rows, numbers, strict=True):
        row["slip_no"] = number.text
    if rows:
        session.execute(sa.insert(_slips), rows)
    return {row["clock_id"]: row["slip_no"] for row in rows}


def _stamp(at: dt.datetime, known: Rules, slip_key: str, adopter_id: int) -> dict[str, Any]:
    """What the slips of one kind in one batch have in common."""
    spec = known.pack.slips[slip_key.rpartition(".")[2]]
    state = {"status": PROPOSED, "issued_at": None} if spec.confirm else {"status": ISSUED, "issued_at": at}
    made = {"created_at": at, "changed_at": at, "created_by_id": None, "changed_by_id": None, "row_version": 1}
    return state | made | {"kind": KINDS[spec.trigger], "slip_key": slip_key, "adopter_id": adopter_id}


def _row(at: dt.datetime, due: Due) -> dict[str, Any]:
    row = due.row
    unit_id, owner_id, post = _addressee(due)
    return {
        "of_register": row.of_register,
        "record_id": row.record_id,
        "case_title": due.subject.title,
        "clock_id": row.id,
        "pack_version_id": row.pack_version_id,
        "unit_id": unit_id,
        "owner_id": owner_id,
        "post": post,
        "due_at": row.due_at,
        "overdue_minutes": ((row.stopped_at or at) - row.due_at) // MINUTE,
    }


def _addressee(due: Due) -> tuple[int | None, int | None, str | None]:
    """Unit, person and post that a slip goes to: for the whole case whoever holds it now, else who had the step."""
    row, subject = due.row, due.subject
    if due.setting.rule.whole and row.stopped_at is None and subject.holder_unit_id is not None:
        return subject.holder_unit_id, None, subject.holder_post
    return row.unit_id, row.owner_id, row.post


def addressees(due: Due) -> list[int]:
    """Employee ids of whoever a slip about a late clock goes to."""
    unit_id, owner_id, post = _addressee(due)
    return due.setting.holders.of(post, unit_id, owner_id)


# -- what follows ----------------------------------------------------------------------------------------------------


def _await_issue(watch: Watch, slip: UrgeSlip) -> None:
    """The post that issues proposed slips sees the slip, is told, and has so long; nobody else sees it yet."""
    known, holders = watch.pack(slip)
    spec = known.pack.slips[slip.slip_key.rpartition(".")[2]]
    post = known.code(spec.issued_by)
    unit_id = people.unit_of_post(post, people.path_of(slip.adopter_id))
    if unit_id is not None:
        moves.send_to(slip, unit_id, post)
    if spec.within:
        made = DeadlineClock(
            of_register=UrgeSlip.__tablename__,
            record_id=slip.id,
            key=slip.slip_key,
            words={"zh": spec.label.zh, "en": spec.label.en},
            clause=spec.clause,
            pack_version_id=slip.pack_version_id,
            adopter_id=slip.adopter_id,
            tone="red",
            state=slip.status,
            post=post,
            unit_id=unit_id,
            started_at=watch.at,
            allowance=plan.to_json(known.span(spec.within)),
            calendar=known.pack.calendar.code,
            hours=known.pack.calendar.hours,
        )
        operations.start(made, known.of(slip.slip_key))
    _tell(slip, TO_ISSUE, holders.of(post))


def _tell(slip: UrgeSlip, text: str, told: Iterable[int], reason: str = "") -> None:
    """One message for each change of the slip, so that a slip that is asked about again is told of again."""
    said = {"slip": slip.slip_no, "case": slip.case_title, "reason": reason}
    event = f"slip.{slip.status}:{slip.id}:{slip.row_version}"
    notifications.notify(event, told, text, said, f"/{UrgeSlip.__tablename__}/{slip.id}")


def spec_of(slip: UrgeSlip) -> Any:
    """What the pack says of a slip of this kind."""
    return policy.pack_for(slip.pack_version_id).slips[slip.slip_key.rpartition(".")[2]]


def _issuer(slip: UrgeSlip) -> str:
    return f"{policy.pack_for(slip.pack_version_id).code}.{spec_of(slip).issued_by}"


def issues(slip: Any, person: Access) -> bool:
    """Whether the person holds the post that issues the slip and settles it."""
    return person.holds([_issuer(slip)], people.path_of(slip.adopter_id)) is not None


def answers(slip: Any, person: Access) -> bool:
    """Whether the slip is addressed to the person: to his post in that unit, and to him if it names somebody."""
    post = person.holds([slip.post], people.path_of(slip.adopter_id), slip.unit_id)
    return post is not None and slip.owner_id in (None, person.employee_id, post.for_employee_id)


@moves.guard("slip_issuer", hides=True)
def _only_issuer(step: Step) -> Iterable[Problem]:
    slip: Any = step.whole.record
    if not issues(slip, step.access):
        text = _("Slips are issued and settled by: %(post)s.", post=post_label(_issuer(slip)))
        raise Forbidden(Problem(text, rule="post", clause=spec_of(slip).clause))
    return ()


@moves.guard("slip_addressee", hides=True)
def _only_addressee(step: Step) -> Iterable[Problem]:
    slip: Any = step.whole.record
    if not answers(slip, step.access):
        text = _("The slip is answered by: %(post)s.", post=post_label(slip.post or ""))
        raise Forbidden(Problem(text, rule="post", clause=spec_of(slip).clause))
    return ()


@moves.effect("slip_issued")
def _issued(moved: Moved) -> None:
    slip: Any = moved.record
    for row in operations.open_clocks(moved.register.slug, slip.id, lock=True):
        operations.meet(row, moved.at)
    addressed = Watch(moved.at).pack(slip)[1].of(slip.post, slip.unit_id, slip.owner_id)
    _tell(slip, ISSUED_TO_YOU, addressed)
    _remember(slip, WAS_ISSUED)


@moves.effect("slip_answered")
def _answered(moved: Moved) -> None:
    """The answer is also the reason why the step was late."""
    slip: Any = moved.record
    session.get_one(DeadlineClock, slip.clock_id).late_reason = slip.reply
    _tell(slip, WAS_ANSWERED, Watch(moved.at).pack(slip)[1].of(_issuer(slip)))
    _remember(slip, WAS_ANSWERED)


@moves.effect("slip_settled")
def _settled(moved: Moved) -> None:
    slip: Any = moved.record
    _remember(slip, WAS_SETTLED)


@moves.effect("slip_asked_again")
def _asked_again(moved: Moved) -> None:
    slip: Any = moved.record
    addressed = Watch(moved.at).pack(slip)[1].of(slip.post, slip.unit_id, slip.owner_id)
    _tell(slip, ASKED_AGAIN, addressed, moved.reason)
    _remember(slip, ASKED_AGAIN, moved.reason)


def _remember(slip: UrgeSlip, text: str, reason: str = "") -> None:
    said = {"slip": slip.slip_no, "case": slip.case_title, "reason": reason}
    audit.note_many([audit.Note(slip.of_register, slip.record_id, "act", text, said)])


def _check_closing(moved: Moved) -> None:
    """The closing check: late steps of a case that has come to its end are asked about."""
    if moved.register.from_pack and moved.lifecycle.states[moved.target].final:
        session.flush()
        propose_inquiries(moved.register.slug, moved.record.id)


moves.on_moved(_check_closing, order=15)
