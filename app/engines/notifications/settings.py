"""The settings of messages: what the program ships, under what an administrator has changed."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from flask_babel import gettext as _

from app.core import sole
from app.core.errors import Problem, Refusal
from app.core.register import register_of
from app.core.wording import listed
from app.engines.notifications.calc import Habit
from app.engines.notifications.kinds import KINDS, MODES, NOW
from app.engines.notifications.models import MAIL
from app.engines.notifications.ways import MessageSetting

LATER = ("link_hours", "forgotten_minutes", "keep_days", "log_days")
"""Settings that came later: a row from before them has none, and goes by what is shipped."""
_CLOCK = re.compile(r"([01]?\d|2[0-3]):[0-5]\d")


@dataclass(frozen=True)
class Settings:
    """How messages leave the portal, as shipped unless given; times of day are HH:MM on the wall."""

    gather_minutes: int = 10
    digest_at: str = "08:30"
    quiet_from: str | None = "21:30"
    quiet_to: str | None = "07:30"
    attempts: int = 8
    wait_minutes: int = 1
    timeout_seconds: int = 15
    most: int = 50
    stale_hours: int = 72
    remind_minutes: int = 60
    link_hours: int = 72
    forgotten_minutes: int = 60
    keep_days: int = 365
    log_days: int = 1095
    rules: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    @property
    def gather(self) -> dt.timedelta:
        """How long messages gather after one has left."""
        return dt.timedelta(minutes=self.gather_minutes)

    @property
    def wait(self) -> dt.timedelta:
        """The wait after the first failure."""
        return dt.timedelta(minutes=self.wait_minutes)

    @property
    def stale(self) -> dt.timedelta:
        """How old a message may grow before it is not sent any more."""
        return dt.timedelta(hours=self.stale_hours)

    @property
    def link_life(self) -> dt.timedelta:
        """How long a first link lets somebody in."""
        return dt.timedelta(hours=self.link_hours)

    @property
    def forgotten_life(self) -> dt.timedelta:
        """How long a link for a forgotten password lets somebody in."""
        return dt.timedelta(minutes=self.forgotten_minutes)

    @property
    def keep(self) -> dt.timedelta:
        """How long messages are kept."""
        return dt.timedelta(days=self.keep_days)

    @property
    def keep_log(self) -> dt.timedelta:
        """How long the log of sign-ins is kept: no less than six months (网络安全法 第21条)."""
        return dt.timedelta(days=self.log_days)

    @property
    def habit(self) -> Habit:
        """The portal's quiet hours and daily summary."""
        return habit(self.digest_at, self.quiet_from, self.quiet_to)

    def mode(self, kind: str, channel: str) -> str:
        """How a kind of message goes by a channel unless the person wishes otherwise."""
        return str(self.rules.get(kind, {}).get(MAIL, KINDS[kind].mail)) if channel == MAIL else NOW

    def urgent(self, kind: str) -> bool:
        """Whether a kind of message waits for nothing."""
        return bool(self.rules.get(kind, {}).get("urgent", KINDS[kind].urgent))


def habit(digest_at: str, quiet_from: str | None, quiet_to: str | None) -> Habit:
    """Times of day out of their texts."""
    begins, ends = (time_of(text) if text else None for text in (quiet_from, quiet_to))
    return Habit(time_of(digest_at), begins, ends)


def time_of(text: str) -> dt.time:
    """A time of day out of HH:MM."""
    hour, _colon, minute = text.partition(":")
    return dt.time(int(hour), int(minute))


def current() -> Settings:
    """The settings that count now."""
    row = sole.row_of(MessageSetting)
    if row is None:
        return Settings()
    shipped = asdict(Settings())
    kept = {name: getattr(row, name) for name in shipped} | {"rules": row.rules or {}}
    return Settings(**kept | {name: shipped[name] for name in LATER if kept[name] is None})


def change(given: Mapping[str, Any]) -> None:
    """Keep changed settings; raises ``Refusal`` for what cannot be one. The caller commits."""
    Refusal.when([*times(given), *_missing(given)])
    sole.change(MessageSetting, asdict(Settings()), given)


def change_rules(given: Mapping[str, Mapping[str, Any]]) -> None:
    """Keep how kinds of messages go where nobody wishes otherwise; what is as shipped is not kept."""
    shipped, rules = Settings(), dict[str, Mapping[str, Any]]()
    for kind in KINDS:
        asked = given.get(kind, {})
        if asked.get(MAIL, NOW) not in MODES:
            modes = listed(MODES.values())
            raise Refusal(Problem(_("Choose one of: %(modes)s.", modes=modes), kind, "choice"))
        differs = {name: value for name, value in asked.items() if value != _shipped(shipped, kind, name)}
        rules |= {kind: differs} if differs else {}
    change({"rules": rules})


def _shipped(shipped: Settings, kind: str, name: str) -> Any:
    return shipped.urgent(kind) if name == "urgent" else shipped.mode(kind, name)


def times(given: Mapping[str, Any]) -> Iterator[Problem]:
    """What is wrong with times of day: their form, and quiet hours with one end."""
    labels = register_of(MessageSetting).fields
    for name in ("digest_at", "quiet_from", "quiet_to"):
        if (text := given.get(name)) and not _CLOCK.fullmatch(text):
            yield Problem(_("“%(field)s”: a time such as 08:30 is expected.", field=labels[name].label), name, "time")
    if "quiet_from" in given and bool(given.get("quiet_from")) != bool(given.get("quiet_to")):
        missing = "quiet_to" if given.get("quiet_from") else "quiet_from"
        yield Problem(_("Quiet hours need both a beginning and an end."), missing, "required")


def _missing(given: Mapping[str, Any]) -> Iterator[Problem]:
    may_be_empty = ("quiet_from", "quiet_to", "rules")
    for name, value in given.items():
        if value is None and name not in may_be_empty:
            label = register_of(MessageSetting).fields[name].label
            yield Problem(_("“%(field)s” is needed.", field=label), name, "required")
