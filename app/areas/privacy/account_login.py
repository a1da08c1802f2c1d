"""Login log of shop accounts (登录登记): who worked with which account, from when to when."""

from __future__ import annotations

import datetime as dt
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import CheckConstraint, Index
from sqlalchemy.orm import Mapped

from app.core import clock, fields
from app.core.register import Record, Register, Section
from app.core.scope import Owned


class AccountLogin(Owned, Record):
    """A row is written by whoever logs in, and ended by the same person."""

    __table_args__: Any = (
        CheckConstraint("logout_at IS NULL OR logout_at >= login_at", name="ends_after_login"),
        Index("ix_account_login_open", "account_id", "logout_at"),
    )

    account_id: Mapped[int] = fields.ref(_l("Account"), "access_grant")
    person_id: Mapped[int | None] = fields.ref(_l("Person"), "employee", computed=True)
    login_at: Mapped[dt.datetime] = fields.datetime(_l("Logged in"), default=clock.now)
    logout_at: Mapped[dt.datetime | None] = fields.datetime(_l("Logged out"))
    note: Mapped[str | None] = fields.longtext(_l("Note"))

    register = Register(
        area="privacy", label=_l("Login of an account"), title="login_at", icon="lock-access", order="-login_at",
        actions=frozenset({"add", "edit"}), list=("account_id", "person_id", "login_at", "logout_at"),
        filters=("account_id", "person_id", "login_at", "owner_id", "unit_id"),
        sections=(
            Section(_l("Login"), ("account_id", "person_id", "login_at", "logout_at", "note", "unit_id", "owner_id")),
        ),
    )  # fmt: skip
