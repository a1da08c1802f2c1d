"""How far a commit is: its own transaction shows nothing until it ends, so it is told beside it."""

from __future__ import annotations

import sqlalchemy as sa

from app.core import clock
from app.core.db import db, is_sqlite, session
from app.core.upsert import insert
from app.engines.exchange.models import ImportProgress

_here: dict[int, int] = {}
"""On SQLite, where one process does everything and a second writer would wait for the first."""
_table = ImportProgress.__table__


def tell(run_id: int, done: int) -> None:
    """Say how many rows of a commit are saved."""
    if is_sqlite():
        _here[run_id] = done
        return
    fill = insert(ImportProgress).values(run_id=run_id, done=done, at=clock.now())
    new = {"done": fill.excluded.done, "at": fill.excluded.at}
    with db.engine.begin() as beside:
        beside.execute(fill.on_conflict_do_update(index_elements=["run_id"], set_=new))


def of(run_id: int) -> int:
    """How many rows of a commit are saved, as far as anybody has said."""
    if is_sqlite():
        return _here.get(run_id, 0)
    return int(session.scalar(sa.select(_table.c.done).where(_table.c.run_id == run_id)) or 0)


def forget(run_id: int) -> None:
    """Begin again at nought."""
    _here.pop(run_id, None)
    if not is_sqlite():
        session.execute(sa.delete(_table).where(_table.c.run_id == run_id))
