"""The log of looks at watched rows: who saw which on what ground, who printed it, and whom it was refused to."""

from __future__ import annotations

from collections.abc import Sequence

from flask import g, has_request_context

from app.core import access, looking, printing
from app.core.db import session
from app.core.kinds import LARGEST
from app.core.printing import PrintPage
from app.core.register import Register
from app.engines.privacy import operations as privacy
from app.engines.shielding import viewing


def seen(register: Register, ids: Sequence[int]) -> None:
    """One line for each row and request; jobs of the program itself leave none."""
    person = access.current()
    if person.employee_id is None or not has_request_context():
        return
    known: set[tuple[str, int]] = g.setdefault("looked_at", set())
    fresh = [key for key in ids if (register.slug, key) not in known]
    known.update((register.slug, key) for key in fresh)
    for key, (basis, number) in viewing.basis_of(register, fresh, person).items() if fresh else ():
        privacy.log_look(register.slug, key, basis, number)


def missed(register: Register, record_id: int) -> None:
    """A refused try is kept when the row exists, so that the log tells who wanted to see it."""
    there = 0 < record_id < LARGEST and session.get(register.model, record_id) is not None
    if there and has_request_context() and access.current().employee_id is not None:
        privacy.log_refused_look(register.slug, record_id)


def _printed(page: PrintPage) -> None:
    register, record = page.whole.register, page.whole.record
    if register.watched:
        basis, number = viewing.basis_of(register, [record.id], access.current())[record.id]
        page.traces.append(lambda: privacy.log_look(register.slug, record.id, basis, number, act="print"))


looking.set_watcher(seen, missed)
printing.on_print(_printed, order=95)
