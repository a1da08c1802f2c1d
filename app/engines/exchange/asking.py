"""Exports above a threshold: asked for, allowed by somebody else in whose reach the asker's unit lies, then taken.

The numbers are our own; no policy names them. What was allowed are exactly these columns, filters and this order;
the rows are those that the asker may take out on the day he takes them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict

from app.core import access, clock, moves, query, sole
from app.core.db import session
from app.core.errors import Forbidden, NotFound, Problem, Refusal
from app.core.fieldspec import FieldSpec
from app.core.hooks import Moved, Step, effect, guard
from app.core.query import Criteria
from app.core.register import Register, registers
from app.core.wording import N_, listed
from app.engines.exchange import exporting
from app.engines.exchange.asked_models import ASKED, GRANTED, ExportRequest, ExportRule
from app.engines.notifications import operations as notifications
from app.engines.people import shipped
from app.engines.people.models import Employee, Holding, OrgUnit
from app.engines.people.operations import path_of
from app.engines.privacy.calc import is_reason
from app.engines.sweeps.registry import sweep

SLUG = ExportRequest.__tablename__
TO_DECIDE = N_("%(who)s asks to export %(count)s rows of “%(register)s”")
ALLOWED = N_("Your export of “%(register)s” is allowed; the file may be taken until %(until)s")
NOT_ALLOWED = N_("Your export of “%(register)s” is not allowed: %(why)s")


@dataclass(frozen=True)
class Rule:
    """From which numbers on an export has to be allowed, as shipped unless given."""

    most_rows: int = 5000
    most_personal: int = 500
    valid_days: int = 3
    wait_days: int = 14


def rule() -> Rule:
    """What counts now."""
    row = sole.row_of(ExportRule)
    return Rule() if row is None else Rule(**{name: getattr(row, name) for name in asdict(Rule())})


def change_rule(given: Mapping[str, Any]) -> None:
    """Keep other numbers. The caller commits."""
    sole.change(ExportRule, asdict(Rule()), given)


def personal_of(columns: Mapping[str, FieldSpec]) -> list[str]:
    """The personal columns among those that are taken out."""
    return [str(spec.label) for spec in columns.values() if spec.kind.name == "personal"]


def needed(rows: int, personal: int) -> bool:
    """Whether an export of so many rows, with so many personal columns, has to be allowed."""
    now = rule()
    return rows > (now.most_personal if personal else now.most_rows)


# -- asking ------------------------------------------------------------------------------------------------------------


def ask(
    register: Register, columns: Mapping[str, FieldSpec], form: str, args: Mapping[str, str], rows: int, reason: str,
    narrowed: str = "",
) -> ExportRequest:
    """Ask for an export; those who may decide are told. Raises ``Refusal`` without a reason or without anybody."""
    me = access.current().employee_id
    person = session.get(Employee, me) if me else None
    if person is None:
        raise Forbidden(_("Only somebody who is an employee can ask for an export."))
    if not is_reason(reason):
        raise Refusal(Problem(_("Please say in a few words what for; it is kept in the access log."), "reason",
                              "reason"))  # fmt: skip
    asked = {"args": dict(args), "columns": list(columns), "format": form}
    made = ExportRequest(
        of_register=register.slug, row_count=rows, personal_columns=listed(personal_of(columns)) or None,
        columns_said=listed(spec.label for spec in columns.values()), narrowed_by=narrowed or None,
        reason=reason.strip(), owner_id=person.id, unit_id=person.unit_id, asked=asked, taken=0,
        expires_at=clock.now() + dt.timedelta(days=rule().wait_days),
    )
    session.add(made)
    session.flush()
    told = deciders(made)
    if not told:
        text = _("Nobody who may allow exports covers your unit; ask an administrator.")
        raise Refusal(Problem(text, None, "nobody"))
    said = {"who": person.name, "count": f"{rows:,}", "register": register.label}
    notifications.notify(f"approval.export:{made.id}", told, TO_DECIDE, said, f"/{SLUG}/{made.id}")
    return made


def deciders(request: ExportRequest) -> list[int]:
    """The people whose roles let them allow an export of this unit's people; never the asker himself."""
    roles = {role for role, slug, action in shipped.granted() if (slug, action) == (SLUG, "approve")}
    path = path_of(request.unit_id)
    above = [int(part) for part in path.strip("/").split("/")]
    in_reach = sa.or_(
        Holding.scope == access.ALL, (Holding.scope == access.BELOW) & Holding.unit_id.in_(above),
        (Holding.scope == access.UNIT) & (Holding.unit_id == request.unit_id),
    )
    query_ = (
        sa.select(Holding.owner_id).join(Employee, Employee.id == Holding.owner_id)
        .where(Holding.role.in_(roles), Holding.holds_on(clock.today()), in_reach, Employee.active,
               Holding.owner_id != request.owner_id)
    )  # fmt: skip
    return sorted(set(session.scalars(query_)))


@guard("export_decider", hides=True)
def _decides(step: Step) -> Iterable[Problem]:
    """Somebody else decides, in whose reach the asker's unit lies."""
    request: Any = step.whole.record
    if request.owner_id == step.access.employee_id:
        raise Forbidden(Problem(_("Nobody allows an export of his own."), rule="own_request"))
    unit = session.get_one(OrgUnit, request.unit_id)
    if not any(access.covers(reach, unit) for reach in step.access.reaches(SLUG, "approve")):
        raise Forbidden(Problem(_("Your roles do not let you decide about exports of this unit."), rule="reach"))
    return ()


@guard("export_asker", hides=True)
def _own(step: Step) -> Iterable[Problem]:
    request: Any = step.whole.record
    if request.owner_id != step.access.employee_id:
        raise Forbidden(Problem(_("Only whoever asked withdraws it."), rule="own_request"))
    return ()


@effect("export_granted")
def _granted(moved: Moved) -> None:
    request: Any = moved.record
    request.expires_at = clock.now() + dt.timedelta(days=rule().valid_days)
    until = clock.to_local(request.expires_at).strftime("%Y-%m-%d %H:%M")
    said = {"register": registers()[request.of_register].label, "until": until}
    notifications.notify(f"file.export:{request.id}", [request.owner_id], ALLOWED, said, f"/{SLUG}/{request.id}")


@effect("export_refused")
def _refused(moved: Moved) -> None:
    request: Any = moved.record
    said = {"register": registers()[request.of_register].label, "why": moved.reason}
    notifications.notify(f"approval.refused:export{request.id}", [request.owner_id], NOT_ALLOWED, said,
                         f"/{SLUG}/{request.id}")  # fmt: skip


# -- taking ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Allowed:
    """What was allowed, ready to be taken."""

    register: Register
    criteria: Criteria
    columns: Mapping[str, FieldSpec]
    form: str


def may_take(request: ExportRequest) -> bool:
    """Whether the person may take the file now."""
    mine = request.owner_id is not None and request.owner_id == access.current().employee_id
    in_time = request.expires_at is not None and request.expires_at > clock.now()
    return mine and request.status == GRANTED and in_time


def take(key: int) -> tuple[ExportRequest, Allowed]:
    """An own request that was allowed, marked as taken once more. The caller commits.

    Raises ``NotFound`` for another's, ``Forbidden`` while it is not allowed, any more or without the right.
    """
    request: ExportRequest = query.find(ExportRequest.register, key)
    if request.owner_id != access.current().employee_id:
        raise NotFound()
    if not may_take(request):
        raise Forbidden(Problem(_("This export is not allowed, or its time has ended."), rule="approval"))
    register = registers()[request.of_register]
    access.require(register.slug, "read")
    access.require(register.slug, "export")
    criteria = query.read_criteria(register, MultiDict(request.asked["args"]))
    columns = exporting.columns_of(register, request.asked["columns"])
    request.taken += 1
    session.flush()
    return request, Allowed(register, exporting.reachable(register, criteria), columns, request.asked["format"])


@sweep("exchange.expire", title=_l("Let export requests expire"), schedule="5 * * * *", quiet=True)
def expire(at: dt.datetime) -> Iterator[dict[str, int]]:
    """What was not decided, or not taken, in time ends."""
    due = sa.select(ExportRequest).where(ExportRequest.status.in_((ASKED, GRANTED)), ExportRequest.expires_at <= at)
    for request in list(session.scalars(due.order_by(ExportRequest.id))):
        moves.move(request, "expire", as_system=True)
        yield {"hit": 1}


