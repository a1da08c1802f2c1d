"""What is looked at to say whether the portal is well: each finding is a sentence, and says what to do."""

from __future__ import annotations

import datetime as dt
import platform
import shutil
import time
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from alembic.script import ScriptDirectory
from flask import current_app
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.core import clock, installation, values
from app.core.db import db, is_sqlite, session
from app.core.wording import listed
from app.engines.audit.models import AuditEntry, AuditSeal
from app.engines.notifications.models import FAILED as NOT_SENT
from app.engines.notifications.models import QUEUED, OutboxMessage
from app.engines.sweeps import operations as sweeps
from app.engines.sweeps.models import FAILED, LOST
from app.engines.sweeps.registry import get
from app.engines.sweeps.registry import sweeps as known_sweeps

OK, WARN, LATE = "ok", "warn", "late"
SLOW = 0.5
PATIENCE = dt.timedelta(minutes=15)
SEALED_WITHIN = dt.timedelta(hours=1)
LITTLE, VERY_LITTLE = 5 << 30, 1 << 30
DRIFT = dt.timedelta(seconds=30)
ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Check:
    """One thing that was looked at: its tone, what was found, and what to do if it is not well."""

    title: str
    tone: str
    found: str
    todo: str = ""
    url: str = ""


def all_checks() -> list[Check]:
    """Everything that is looked at; a check that breaks off is a finding itself."""
    return [found for look in LOOKS for found in _carefully(look)]


def _carefully(look: Callable[[], Iterator[Check]]) -> Iterator[Check]:
    try:
        yield from look()
    except Exception as fault:  # noqa: BLE001 - the page is there to tell what does not work
        session.rollback()
        text = _("The check broke off: %(error)s", error=type(fault).__name__)
        yield Check(look.__name__.lstrip("_"), LATE, text, _("Look into the log of the program."))


def answers() -> bool:
    """Whether the database answers at all; for machines that only ask whether to send people here."""
    try:
        return bool(session.scalar(sa.text("SELECT 1")) == 1)
    except sa.exc.SQLAlchemyError:
        session.rollback()
        return False


def _database() -> Iterator[Check]:
    began = time.perf_counter()
    session.scalar(sa.text("SELECT 1"))
    took = time.perf_counter() - began
    kind = "SQLite" if is_sqlite() else "PostgreSQL"
    text = _("%(kind)s answers within %(ms)s ms.", kind=kind, ms=round(took * 1000, 1))
    todo = _("Look at the load of the database host.") if took > SLOW else ""
    yield Check(_("Database"), WARN if took > SLOW else OK, text, todo)


def _migrations() -> Iterator[Check]:
    wanted = _heads()
    table = sa.table("alembic_version", sa.column("version_num"))
    there = sa.inspect(db.engine).has_table("alembic_version")
    have = set(session.scalars(sa.select(table.c.version_num))) if there else set()
    if have == wanted:
        rev = ", ".join(sorted(have))
        yield Check(_("Structure"), OK, _("The tables are those of this program (%(rev)s).", rev=rev))
        return
    text = _("The tables are at %(have)s, the program expects %(want)s.", have=", ".join(sorted(have)) or "—",
             want=", ".join(sorted(wanted)))  # fmt: skip
    yield Check(_("Structure"), LATE, text, _("Stop the portal and start it with run.py, or run “flask db upgrade”."))


@cache
def _heads() -> set[str]:
    """Those of this program; read once, since finding them loads every migration."""
    return set(ScriptDirectory(str(ROOT / "migrations")).get_heads())


def _sweeps() -> Iterator[Check]:
    jobs = [(job, last) for job, last in sweeps.jobs_with_last_run() if job.name in known_sweeps()]
    late = [job for job, _last in jobs if job.enabled and job.next_run_at < clock.now() - PATIENCE]
    broken = [job for job, last in jobs if last is not None and last.status in (FAILED, LOST)]
    off = [job for job, _last in jobs if not job.enabled]
    told = (
        (LATE, late, _l("Late: %(names)s."), _l("Is the scheduler running? Start it, or run the sweep by hand.")),
        (LATE, broken, _l("Broke off last time: %(names)s."), _l("Open the run and read its error.")),
        (WARN, off, _l("Switched off: %(names)s."), _l("Nothing is watched by them until they are on again.")),
    )
    for tone, found, text, todo in told:
        if found:
            names = listed(get(job.name).title for job in found)
            yield Check(_("Sweeps"), tone, str(text) % {"names": names}, str(todo), "/sweeps/")
    if not (late or broken or off):
        yield Check(_("Sweeps"), OK, _("All run when they should."), "", "/sweeps/")


def _outbox() -> Iterator[Check]:
    table, now = OutboxMessage, clock.now()
    due = sa.select(sa.func.count(), sa.func.min(table.next_at)).where(table.state == QUEUED, table.next_at < now)
    waiting, oldest = session.execute(due).one()
    since = now - dt.timedelta(days=7)
    lost = session.scalar(sa.select(sa.func.count()).where(table.state == NOT_SENT, table.created_at > since)) or 0
    if waiting and oldest < now - PATIENCE:
        text = _("%(n)s messages wait, the oldest since %(when)s.", n=waiting, when=values.short(oldest))
        yield Check(_("Messages"), LATE, text, _("Is the scheduler running, and does the mail server answer?"))
    elif lost:
        text = _("%(n)s messages of the last seven days could not be delivered.", n=lost)
        yield Check(_("Messages"), WARN, text, _("Look at the addresses and at the settings of the channels."))
    else:
        yield Check(_("Messages"), OK, _("None is overdue (%(n)s about to leave).", n=waiting))


def _disk() -> Iterator[Check]:
    folder = Path(current_app.config.get("KEZHI_INSTANCE") or current_app.instance_path)
    free = shutil.disk_usage(folder if folder.exists() else folder.parent).free
    text = _("%(gb)s GB are free where database and attachments lie.", gb=round(free / (1 << 30), 1))
    tone = LATE if free < VERY_LITTLE else WARN if free < LITTLE else OK
    yield Check(_("Disk"), tone, text, "" if tone == OK else _("Make room: old backups first."))
    keys = folder / "keys"
    if keys.exists() and keys.stat().st_mode & 0o077:
        text = _("Others on this machine may read the folder of keys.")
        yield Check(_("Keys"), WARN, text, _("Take the rights of others away: chmod -R go= on the folder “keys”."))


def _fact(name: str) -> Any:
    return session.scalar(sa.select(installation.Fact.value).where(installation.Fact.name == name))


def _keys() -> Iterator[Check]:
    recorded = _fact(installation.KEYS)
    if recorded:
        text = _("The database knows the fingerprints of %(n)s keys; the start compares them.", n=len(recorded))
        yield Check(_("Keys"), OK, text)
    else:
        text = _("The database has no fingerprints of its keys.")
        yield Check(_("Keys"), WARN, text, _("Start the portal with run.py once: it notes them."))


def _seal() -> Iterator[Check]:
    sealed, at = session.execute(sa.select(sa.func.max(AuditSeal.last_id), sa.func.max(AuditSeal.at))).one()
    oldest = session.scalar(sa.select(sa.func.min(AuditEntry.at)).where(AuditEntry.id > (sealed or 0)))
    if oldest is not None and oldest < clock.now() - SEALED_WITHIN:
        text = _("Entries since %(when)s are not sealed yet.", when=values.short(oldest))
        yield Check(_("Audit trail"), LATE, text, _("Run the sweep that seals the audit trail."), "/sweeps/audit.seal")
        return
    text = _("Sealed up to entry %(n)s, last at %(when)s.", n=sealed or 0, when=values.short(at) if at else "—")
    yield Check(_("Audit trail"), OK, text, _("“flask audit verify” compares the whole trail with its seals."))


def _time() -> Iterator[Check]:
    now = clock.now()
    local = clock.to_local(now).strftime("%Y-%m-%d %H:%M")
    gap = dt.timedelta(0)
    if not is_sqlite():
        gap = abs(session.scalar(sa.text("SELECT clock_timestamp()")) - now)
    if gap > DRIFT:
        text = _("Clocks of database and program differ by %(s)s seconds.", s=round(gap.total_seconds()))
        todo = _("Let both hosts keep time by NTP; deadlines are counted by the program's.")
        yield Check(_("Clock"), LATE, text, todo)
    else:
        yield Check(_("Clock"), OK, _("%(when)s, %(zone)s.", when=local, zone=str(clock.ZONE)))


def _program() -> Iterator[Check]:
    told = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    text = _("Kezhi %(version)s on Python %(python)s.", version=told, python=platform.python_version())
    yield Check(_("Version"), OK, text)
    if (_fact(installation.DEMO) or {}).get("seeded"):
        text = _("This database holds the demo company, whose accounts share one password.")
        yield Check(_("Demo"), WARN, text, _("Never serve it beyond this machine."), "/demo/")


LOOKS = (_database, _migrations, _sweeps, _outbox, _seal, _disk, _keys, _time, _program)
