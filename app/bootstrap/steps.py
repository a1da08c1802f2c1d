"""What every set-up brings up to date, in this order; each is idempotent and named by its dotted path."""

from __future__ import annotations

import pkgutil
from typing import Any, NamedTuple

from app.bootstrap.console import say
from app.core.db import session


class Step(NamedTuple):
    """One function without arguments, and what it does in both languages."""

    zh: str
    en: str
    path: str


STEPS = (
    Step("同步角色与权限", "roles and permissions", "app.engines.people.operations.sync_roles"),
    Step("载入制度包", "policy packs", "app.engines.policy.operations.load_packs"),
    Step("建立名称索引", "index of names", "app.engines.search.operations.fill_all"),
    Step("比对客户名称", "names of customers", "app.areas.customers.operations.fill_name_keys"),
    Step("载入档案问题", "questions of profiles", "app.areas.loyalty.operations.lay_questions"),
    Step("建立工作日历", "working calendar", "app.engines.calendar.operations.seed_calendar"),
)
DEMO_SEED, DEMO_ACCOUNTS = "app.demo.seed", "app.demo.accounts"
SCHEDULER = "app.engines.sweeps.scheduler.start"


def sync() -> None:
    """Run every step, each in a transaction of its own; needs an app context and the set-up lock."""
    for step in STEPS:
        say(step.zh, step.en)
        call(step.path)
        session.commit()


def call(path: str, *args: Any) -> Any:
    """Call a function by its dotted path; it is imported only now, since it stands above this package."""
    return pkgutil.resolve_name(path)(*args)
