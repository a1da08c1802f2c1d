"""The ways out of the portal as rows: the mail server and the robots of groups, and the settings of messages."""

from __future__ import annotations

import datetime as dt
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from app.core import fields
from app.core.crypto import Encrypted
from app.core.register import Record, Register, Section
from app.core.types import Key, UtcDateTime
from app.engines.notifications import kinds
from app.engines.notifications.models import MAIL
from app.engines.people.catalogue import RoleChoices

WECOM, DINGTALK, FEISHU = "wecom", "dingtalk", "feishu"
SORTS = {MAIL: _l("Mail"), WECOM: _l("WeCom"), DINGTALK: _l("DingTalk"), FEISHU: _l("Feishu")}
PLAIN, STARTTLS, TLS = "plain", "starttls", "tls"
GUARDS = {STARTTLS: "STARTTLS", TLS: "TLS", PLAIN: _l("Not encrypted")}
LANGUAGES = {"zh": "中文", "en": "English"}
WAITING = "waiting"


class MessageChannel(Record):
    """A way out (消息渠道): the mail server, or the robot of a group chat with whose messages it carries.

    ``secret`` is the password or the key that signs, ``hook`` the address of a robot; neither is ever shown again.
    """

    __table_args__ = (
        CheckConstraint("sort IN ('mail', 'wecom', 'dingtalk', 'feishu')", name="sort"),
        CheckConstraint("guard IS NULL OR guard IN ('plain', 'starttls', 'tls')", name="guard"),
    )

    name: Mapped[str] = fields.text(_l("Channel name"), 80, computed=True)
    sort: Mapped[str] = fields.choice(_l("Kind"), SORTS, computed=True)
    enabled: Mapped[bool] = fields.boolean(_l("In use"), default=False, computed=True)
    host: Mapped[str | None] = fields.text(_l("Server"), 200, computed=True)
    port: Mapped[int | None] = fields.integer(_l("Port"), minimum=1, maximum=65535, computed=True)
    guard: Mapped[str | None] = fields.choice(_l("Encryption"), GUARDS, computed=True)
    username: Mapped[str | None] = fields.text(_l("User name"), 200, computed=True)
    sender: Mapped[str | None] = fields.text(_l("Sender's address"), 200, computed=True)
    sender_name: Mapped[str | None] = fields.text(_l("Sender's name"), 80, computed=True)
    language: Mapped[str | None] = fields.choice(_l("Language of the group"), LANGUAGES, computed=True)
    unit_ids: Mapped[list[int] | None] = fields.refs(
        _l("Carries messages to people of"), "org_unit", computed=True,
        help=_l("These units and those below them; with neither units nor roles it carries nothing."),
    )
    roles: Mapped[list[str] | None] = fields.choices(
        _l("And to who holds"), RoleChoices(), computed=True, width=3
    )
    kinds: Mapped[list[str] | None] = fields.choices(
        _l("Only these kinds"), kinds.Labels(), computed=True, width=3, help=_l("Nothing ticked means all of them."),
    )
    hook: Mapped[str | None] = mapped_column(Encrypted())
    secret: Mapped[str | None] = mapped_column(Encrypted())
    tried_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    tried_to: Mapped[str | None] = mapped_column(String(200))
    tried_state: Mapped[str | None] = mapped_column(Key(10))
    answer: Mapped[str | None] = mapped_column(String(500))

    register = Register(
        area="platform", label=_l("Message channel"), title="name", icon="send",
        list=("name", "sort", "enabled"), actions=frozenset(), permissions=("write",), menu=False,
        sections=(
            Section(_l("Channel"), ("name", "sort", "enabled")),
            Section(_l("Mail server"), ("host", "port", "guard", "username", "sender", "sender_name")),
            Section(_l("Group"), ("language", "unit_ids", "roles", "kinds")),
        ),
    )


class MessageSetting(Record):
    """How messages leave the portal (消息设置): one row, made when somebody changes what was shipped."""

    gather_minutes: Mapped[int] = fields.integer(
        _l("Gather for"), minimum=0, maximum=1440, unit=_l("minutes"), computed=True,
        help=_l("After a message, those that follow within this time go out as one."),
    )
    digest_at: Mapped[str] = fields.text(_l("Daily summary at"), 5, computed=True)
    quiet_from: Mapped[str | None] = fields.text(
        _l("Quiet from"), 5, computed=True, help=_l("Both empty: no quiet hours."),
    )
    quiet_to: Mapped[str | None] = fields.text(_l("Quiet until"), 5, computed=True)
    attempts: Mapped[int] = fields.integer(
        _l("Attempts"), minimum=1, maximum=20, computed=True, help=_l("Then a message is given up."),
    )
    wait_minutes: Mapped[int] = fields.integer(
        _l("Wait after the first failure"), minimum=1, maximum=1440, unit=_l("minutes"), computed=True,
        help=_l("It doubles with each further one."),
    )
    timeout_seconds: Mapped[int] = fields.integer(
        _l("Wait for an answer"), minimum=1, maximum=120, unit=_l("seconds"), computed=True,
    )
    most: Mapped[int] = fields.integer(
        _l("Messages in one mail"), minimum=1, maximum=200, computed=True,
        help=_l("The others are counted, and wait in the portal."),
    )
    stale_hours: Mapped[int] = fields.integer(
        _l("Too old after"), minimum=1, maximum=720, unit=_l("hours"), computed=True,
        help=_l("What could not leave by then is not sent any more."),
    )
    remind_minutes: Mapped[int] = fields.integer(
        _l("Between two reminders"), minimum=1, maximum=10080, unit=_l("minutes"), computed=True,
        help=_l("An announcement's readers are reminded no sooner than that."),
    )
    link_hours: Mapped[int | None] = fields.integer(
        _l("A first link is good for"), minimum=1, maximum=720, unit=_l("hours"), computed=True,
        help=_l("By it new people choose their password; an administrator can send another."),
    )
    forgotten_minutes: Mapped[int | None] = fields.integer(
        _l("A link for a forgotten password is good for"), minimum=5, maximum=1440, unit=_l("minutes"), computed=True,
    )
    keep_days: Mapped[int | None] = fields.integer(
        _l("Keep messages for"), minimum=30, maximum=3650, unit=_l("days"), computed=True,
        help=_l("Notices and mails that are older are deleted each night; announcements keep their receipts."),
    )
    log_days: Mapped[int | None] = fields.integer(
        _l("Keep the log of sign-ins for"), minimum=180, maximum=36500, unit=_l("days"), computed=True,
        help=_l("Six months at least, by the Cybersecurity Law art. 21. The audit trail is never shortened."),
    )
    rules: Mapped[dict[str, Any] | None] = fields.json(_l("By kind"))

    register = Register(
        area="platform", label=_l("Settings of messages"), title="digest_at", icon="adjustments",
        list=("gather_minutes", "digest_at", "quiet_from", "quiet_to"), actions=frozenset(), permissions=("write",),
        menu=False,
        sections=(
            Section(_l("When messages leave"), ("gather_minutes", "digest_at", "quiet_from", "quiet_to")),
            Section(_l("When one cannot leave"), ("attempts", "wait_minutes", "timeout_seconds", "stale_hours")),
            Section(_l("What goes how"), ("most", "remind_minutes", "rules")),
            Section(_l("What lasts how long"), ("link_hours", "forgotten_minutes", "keep_days", "log_days")),
        ),
    )
