"""The demo: seeded once on a first start, only ever served on this machine."""

from __future__ import annotations

import ipaddress

from app.bootstrap import archive, database, keys
from app.bootstrap.console import SetupError, confirm, say, table
from app.bootstrap.steps import DEMO_ACCOUNTS, DEMO_SEED, call
from app.core import installation
from app.core.accounts import one_time_password
from app.core.db import session
from config import Settings


def refuse_open_host(here: Settings, host: str, *, wanted: bool) -> None:
    """Demo accounts share one password, so a portal that holds them, or is about to, stays on loopback."""
    known = database.recall(here, installation.DEMO)
    if _loopback(host) or not (wanted if known is None else known["seeded"]):
        return
    raise SetupError(
        f"演示数据只能在本机使用，不能监听 {host}：新实例请加 --no-demo",
        f"demo data is for this machine only and is not served on {host}: start a new instance with --no-demo",
    )


def seed_once(here: Settings, *, wanted: bool) -> None:
    """Fill a new database with the demo, or record for good that it shall stay without."""
    if database.recall(here, installation.DEMO) is not None:
        return
    if wanted:
        say("装入演示数据", "seeding the demo")
        call(DEMO_SEED, _password(here))
    installation.remember(installation.DEMO, {"seeded": wanted})
    session.commit()


def show_accounts(here: Settings) -> None:
    """Print the demo's sign-in names, one per post, if this database holds the demo."""
    known = database.recall(here, installation.DEMO)
    if known and known["seeded"]:
        say("演示账号，密码都是", f"demo accounts, all with the password  {_password(here)}")
        print(table(call(DEMO_ACCOUNTS)), flush=True)


def reset(here: Settings, *, sure: bool) -> None:
    """Move a demo database and its attachments aside, so that the next set-up begins afresh.

    Raises ``SetupError`` on PostgreSQL, for a database without the demo, and without a yes.
    """
    if here.sqlite_file is None:
        raise SetupError("--reset-demo 只用于 SQLite", "--reset-demo is for SQLite only")
    if not here.sqlite_file.exists():
        return
    known = database.recall(here, installation.DEMO)
    if not (known and known["seeded"]):
        raise SetupError("这个数据库不是演示库，不能重置", "this database holds no demo; it is not reset")
    if not (sure or confirm("移开现有演示数据，重新开始？", "put the present demo data aside and start afresh?")):
        raise SetupError("没有确认（--yes），未重置", "not confirmed (--yes), nothing was reset")
    old = [*archive.database_files(here), *(p for p in [here.files] if p.exists())]
    folder = archive.set_aside(here, old, "demo")
    say(f"旧演示数据移到 {folder}", f"the old demo is now in {folder}")


def _password(here: Settings) -> str:
    """The demo's shared password, kept in a file that only the owner of the instance may read."""
    file = here.instance / archive.DEMO
    if not file.exists():
        keys.write_private(file, one_time_password())
    return file.read_text(encoding="utf-8").strip()


def _loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
