"""Removing the demo: a clean database begins, and what is not the demo's goes into it; the old one is put aside.

Cases cannot be taken out of a database singly: their running numbers would have gaps and the sealed audit trail would
no longer agree with itself. So the demo leaves together with its database, and people, units, policies and settings
of one's own move. Cases of one's own cannot move; while there are any, nothing is removed.
"""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Any

import alembic.command
from sqlalchemy import text

from app.bootstrap import archive, database, dumps, keys, locks
from app.bootstrap.console import SetupError, confirm, say
from app.bootstrap.setup import ensure_keys, make_administrator, upgrade
from app.bootstrap.steps import call, sync
from app.core import installation
from app.core.db import db, session
from config import Settings

KEEPING = "app.demo.keeping"


def remove(here: Settings, *, sure: bool) -> None:
    """Begin a clean database without the demo; the caller holds the locks, and nobody serves.

    Raises ``SetupError`` where there is no demo, where own cases would be lost, and without a yes.
    """
    from app import create_app  # only here: it reads keys that may have to be made first

    known = database.recall(here, installation.DEMO)
    if not (known and known["seeded"]):
        raise SetupError("这里没有演示数据", "there is no demo here")
    ensure_keys(here)
    app = create_app()
    with app.app_context():
        upgrade(here)
        kept = _kept()
        _let_go()
        _refuse_company(here)
        if not (sure or confirm("删除全部演示数据？先自动备份", "remove the whole demo? A backup is made first")):
            raise SetupError("没有确认（--yes），未删除", "not confirmed (--yes), nothing was removed")
        backup = _put_aside(here)
        try:
            _begin_anew(here, kept)
        except BaseException:
            _let_go()
            say(f"中途失败，正在恢复 {backup}", "it broke off; the backup is brought back")
            archive.restore(here, backup, force=True)
            raise
        _let_go()


def _kept() -> Any:
    """What moves; refuses while something would be left behind."""
    if lost := call(f"{KEEPING}.lost"):
        raise _would_be_lost(lost)
    kept = call(f"{KEEPING}.own")
    found = ", ".join(f"{label} {number}" for label, number in call(f"{KEEPING}.counted", kept))
    say("将保留", f"this is kept: {found or '-'}")
    return kept


def _would_be_lost(lost: dict[str, int]) -> SetupError:
    named = "、".join(f"{label} {number}" for label, number in lost.items())
    return SetupError(
        f"自己的单位已有记录，删除演示会一并失去：{named}。请先导出，或在新实例中开始",
        f"units of your own hold rows that would be lost with the demo: {named}; take them out first (export), "
        "or begin a new instance",
    )


def hindrances() -> list[str]:
    """What stands against removing the demo, as sentences in both languages; needs the database."""
    if lost := call(f"{KEEPING}.lost"):
        return [str(_would_be_lost(lost))]
    return []


def _refuse_company(here: Settings) -> None:
    """Refuse while other processes hold the database open; SQLite's is held by a lock of its own.

    The connection that holds the set-up lock is this process's.
    """
    if here.sqlite_file is not None:
        return
    others = text("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND "
                  "backend_type = 'client backend' AND pid <> pg_backend_pid() AND pid NOT IN (SELECT pid FROM "
                  "pg_locks WHERE locktype = 'advisory' AND granted AND objid::bigint = :low)")  # fmt: skip
    others = others.bindparams(low=locks.SETUP & 0xFFFFFFFF)
    for _try in range(20):
        with database.engine_of(here).connect() as connection:
            count = connection.scalar(others)
        if not count:
            return
        time.sleep(0.1)
    raise SetupError(
        f"数据库还有 {count} 个其他连接：请先停止所有网页和调度进程",
        f"{count} other connections are open to the database: stop every web and scheduler process first",
    )


def _put_aside(here: Settings) -> Path:
    """Back up, then move the old database, its attachments and the demo's password out of the way."""
    file = here.instance / "backups" / f"{archive.stamp()}-before-remove-demo.zip"
    archive.backup(here, file)
    say(f"已备份到 {file}", "backed up")
    if here.sqlite_file is None:
        dumps.rename_schema(here, f"demo-{archive.stamp()}")
    paths = [*archive.database_files(here), here.files, here.instance / archive.DEMO]
    if there := [path for path in paths if path.exists()]:
        archive.set_aside(here, there, "demo")
    return file


def _begin_anew(here: Settings, kept: Any) -> None:
    alembic.command.upgrade(database.alembic_config(), "head")
    installation.remember(installation.KEYS, keys.read(here.keys, os.environ).fingerprints())
    session.commit()
    sync()
    call(f"{KEEPING}.put", kept)
    installation.remember(installation.DEMO, {"seeded": False})
    session.commit()
    make_administrator()


def _let_go() -> None:
    """No connection may stay open to a file that is moved."""
    session.remove()
    db.engine.dispose()
