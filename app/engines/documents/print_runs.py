"""Prints of many rows, worked on by a thread of whichever host asks first.

Some rows make one file. It is kept in the transaction that writes its prints into the histories, so that a run which
broke off goes on behind it and no print is told twice. While pages are laid out no transaction is open.
"""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from flask import current_app
from flask_babel import get_locale
from flask_babel import gettext as _

from app.core import access, actor, attachments, clock, leases, query
from app.core.attachments import Attachment
from app.core.db import session
from app.core.errors import Conflict, NotFound, Problem, Refusal
from app.core.kinds import LARGEST
from app.core.printing import PrintPage
from app.core.query import Criteria
from app.core.register import Register, registers
from app.core.wording import N_
from app.engines.documents import batches, pdf
from app.engines.documents.printed import DONE, FILE, FORGOTTEN, WAITING, WITHDRAWN, PrintRun
from app.engines.notifications import operations as notifications
from app.engines.privacy import operations as privacy

NAME, MOST, PART, SHEETS, PAGE, UNDER_WAY = "print", 1000, 50, 60, 50, 2
"""So many rows at most in a run and in a file, about so many sheets in a file, runs on a page and of one person."""
READY = N_("“%(register)s”: %(count)s records are printed and ready to be taken")
SLUG = PrintRun.__tablename__
_runs = PrintRun.__table__
Keep = Callable[[], None]


def begin(register: Register, criteria: Criteria | None, ids: Iterable[int], host: str) -> PrintRun:
    """A run of the rows that were chosen: those of the criteria, else those named.

    Raises ``Forbidden`` without the right, ``NotFound`` for a named row out of reach, ``Refusal`` for too many or none.
    """
    access.require(register.guarded_by, "print")
    within = access.rows(register, "read" if register.closed else "print")
    if criteria is None:
        found = _named(register, list(dict.fromkeys(ids)), within)
    else:
        found = list(session.scalars(query.every(register, criteria.where(within)).limit(MOST + 1)))
    Refusal.when([*_wrong_number(len(found)), *_too_many_runs()])
    run = PrintRun(register=register.slug, locale=str(get_locale() or "zh")[:2], host=host, rows=found,
                   total=len(found), left=[])  # fmt: skip
    session.add(run)
    session.flush()
    return run


def _named(register: Register, wanted: list[int], within: Any) -> list[int]:
    Refusal.when(_wrong_number(len(wanted)))
    table = register.model.__table__
    known = (key for key in wanted if 0 < key < LARGEST)
    there = set(session.scalars(sa.select(table.c.id).where(table.c.id.in_(known), access.rows(register), within)))
    if there != set(wanted):
        raise NotFound()
    return wanted


def _wrong_number(count: int) -> Iterable[Problem]:
    if not count:
        yield Problem(_("Choose at least one record."), "id", "required")
    elif count > MOST:
        text = _("At most %(most)s records are printed at once; narrow the list with a filter.", most=f"{MOST:,}")
        yield Problem(text, "id", "most")


def _too_many_runs() -> Iterable[Problem]:
    """Laying out takes a machine's memory: a person's prints come one after the other."""
    mine = sa.select(sa.func.count()).where(_runs.c.account_id == actor.user_id(), _runs.c.state == WAITING)
    if (session.scalar(mine) or 0) >= UNDER_WAY:
        text = _("%(count)s of your prints are still under way; wait for one of them, or withdraw it.", count=UNDER_WAY)
        yield Problem(text, "id", "under_way")


def find(run_id: int, *, lock: bool = False) -> PrintRun:
    """A run of one's own; raises ``NotFound`` for another's."""
    mine = sa.select(PrintRun).where(PrintRun.id == run_id, PrintRun.account_id == actor.user_id())
    run = session.scalar(mine.with_for_update() if lock else mine) if 0 < run_id < LARGEST else None
    if run is None or run.register not in registers():
        raise NotFound()
    return run


def listed() -> Sequence[PrintRun]:
    """The person's latest runs."""
    mine = sa.select(PrintRun).where(PrintRun.account_id == actor.user_id()).order_by(PrintRun.id.desc())
    return [run for run in session.scalars(mine.limit(PAGE)) if run.register in registers()]


def files_of(run: PrintRun) -> list[Attachment]:
    """What is ready of a run."""
    return attachments.of_row(SLUG, run.id)


def file_of(run: PrintRun, file_id: int) -> Attachment:
    """A file of a run that may be taken; raises ``NotFound``, ``Forbidden`` when the right is gone."""
    access.require(registers()[run.register].guarded_by, "print")
    found = next((file for file in files_of(run) if file.id == file_id), None)
    if found is None:
        raise NotFound()
    return found


def withdraw(run: PrintRun) -> None:
    """Give a run up; what is printed so far is removed."""
    if run.state != WAITING:
        raise Conflict(_("This print has ended."))
    attachments.drop_made(SLUG, [run.id])
    run.state, run.ended_at, run.worker, run.lease_until = WITHDRAWN, clock.now(), None, None
    session.flush()


# -- the work ----------------------------------------------------------------------------------------------------------


def _do(run_id: int, state: str) -> bool:
    """Print what is left of a run; addresses on the sheets are those that its maker sees."""
    host = session.get_one(PrintRun, run_id).host
    session.rollback()
    with current_app.test_request_context(base_url=host, method="POST"):
        return leases.under(_runs, run_id, state, (DONE,), lambda keep: _print(run_id, keep))


WORK = leases.Work(NAME, PrintRun, (WAITING,), _do)


def _print(run_id: int, keep: Keep) -> None:
    while _part(run_id, keep):
        keep()


@dataclass
class _Part:
    """What becomes one file: its sheets, the forms that they are, and the rows that were left out."""

    laid: list[Any] = field(default_factory=list)
    forms: list[PrintPage] = field(default_factory=list)
    left: list[dict[str, Any]] = field(default_factory=list)

    @property
    def is_full(self) -> bool:
        """Whether another row would make the file too long."""
        return sum(len(one.pages) for one in self.laid) >= SHEETS

    def add(self, register: Register, key: int) -> None:
        """Lay a row out; nothing is written, and no transaction is open while that lasts."""
        try:
            forms = [*batches.copies(query.find(register, key))]
            pages = [batches.html_of(form) for form in forms]
        except Refusal as error:
            self.left.append({"id": key, "said": "; ".join(str(problem.message) for problem in error.problems)})
            pages = []
        else:
            self.forms += forms
        session.rollback()
        self.laid += map(pdf.lay_out, pages)


def _part(run_id: int, keep: Keep) -> bool:
    """One more file; whether there is another to come."""
    run = session.get_one(PrintRun, run_id, populate_existing=True)
    register, rows, first = registers()[run.register], run.rows, run.kept
    session.rollback()
    part, at = _Part(), first
    with access.remembered():
        for key in rows[first : first + PART]:
            if part.is_full:
                break
            part.add(register, key)
            at += 1
            session.execute(sa.update(_runs).where(_runs.c.id == run_id).values(done=at))
            keep()
        content = pdf.bound(part.laid) if part.laid else b""
        keep()
        return _kept(run_id, content, part, at)


def _kept(run_id: int, content: bytes, part: _Part, at: int) -> bool:
    """Keep the file and who printed what; whether there is more to do."""
    run = session.get_one(PrintRun, run_id, populate_existing=True)
    if content:
        label = f"{registers()[run.register].label}-{run.kept + 1}-{at}.pdf"
        attachments.keep_made(SLUG, run_id, FILE, label, "application/pdf", io.BytesIO(content))
        for form in part.forms:
            form.keep_traces()
    run.done = run.kept = at
    run.left = [*run.left, *part.left]
    if at < run.total:
        return True
    _end(run)
    return False


def _end(run: PrintRun) -> None:
    run.state, run.ended_at = DONE, clock.now()
    privacy.log_prints(run.register, run.printed, {"run": run.id})
    session.flush()
    if (person := access.current().employee_id) is not None:
        said = {"register": registers()[run.register].label, "count": run.printed}
        notifications.notify(f"file.print:{run.id}", [person], READY, said, f"/prints/run/{run.id}")


def tidy(before: dt.datetime, old: dt.datetime) -> dict[str, int]:
    """Remove the files of runs that ended before an instant; drop very old runs."""
    ended = list(session.scalars(sa.select(_runs.c.id).where(_runs.c.ended_at < before, _runs.c.state == DONE)))
    gone = attachments.drop_made(SLUG, ended)
    session.execute(sa.update(_runs).where(_runs.c.id.in_(ended)).values(state=FORGOTTEN, rows=[]))
    dropped = session.execute(sa.delete(_runs).where(_runs.c.ended_at < old)).rowcount
    return {"hit": len(ended), "removed": gone, "dropped": dropped}


