"""From whatever is there to a portal that can be served: keys, database, steps, demo, administrator."""

from __future__ import annotations

import os

import alembic.command
from flask import Flask
from flask_appbuilder.security.sqla.models import Role, User
from sqlalchemy import select

from app.bootstrap import archive, database, demo, keys
from app.bootstrap.console import SetupError, say
from app.bootstrap.steps import sync
from app.core import accounts, installation
from app.core.db import session
from config import Settings

ADMIN, ADMIN_ROLE = "admin", "Admin"


def ensure_keys(here: Settings) -> None:
    """Make the keys of a new installation; for an existing database only accept those it was written with."""
    if database.revision(here) is None and (made := keys.make_missing(here.keys, os.environ)):
        say(f"生成密钥 {here.keys}", f"made {', '.join(made)}")
    keys.check(keys.read(here.keys, os.environ), database.recall(here, installation.KEYS) or {})


def set_up(app: Flask, here: Settings, *, demo_wanted: bool) -> None:
    """Upgrade and synchronise the database, seed the demo once, make the first administrator.

    The caller holds the set-up lock. Idempotent; a second run takes as long as its checks.
    """
    with app.app_context():
        upgrade(here)
        found = keys.read(here.keys, os.environ)
        installation.remember(installation.KEYS, found.fingerprints())
        session.commit()
        sync()
        demo.seed_once(here, wanted=demo_wanted)
        make_administrator()


def upgrade(here: Settings) -> None:
    """Bring the database to this program's revision, with a backup first if it holds anything; needs an app context.

    Raises ``SetupError`` for a database that a newer program has upgraded.
    """
    before, after = database.revision(here), database.head()
    if before == after:
        return
    if before is not None:
        if not database.knows(before):
            raise SetupError(
                "数据库来自更新的版本，请先升级程序", "a newer version made this database: upgrade the program first"
            )
        file = here.instance / "backups" / f"{archive.stamp()}-before-{after}.zip"
        say(f"升级前备份到 {file}", "backing up before the upgrade")
        archive.backup(here, file)
    say("升级数据库", f"upgrading the database to {after}")
    alembic.command.upgrade(database.alembic_config(), "head")


def make_administrator() -> None:
    """If nobody administers yet, make `admin` with a one-time password that is printed here and never again."""
    role = session.scalars(select(Role).where(Role.name == ADMIN_ROLE)).one()
    if session.scalar(select(User.id).where(User.roles.contains(role)).limit(1)):
        return
    user, password = accounts.open_account(ADMIN, "Admin")
    user.roles.append(role)
    session.commit()
    say("管理员（密码只显示这一次）", f"administrator (the password is shown only now)  {ADMIN}  {password}")
