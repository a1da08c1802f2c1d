"""Packs in the database: immutable versions, the units that adopt a policy, and their own settings."""

from __future__ import annotations

import datetime as dt
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import JSON, CheckConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.core import fields
from app.core.register import Record, Register, Section

DRAFT, APPROVED, RETIRED = "draft", "approved", "retired"
STATUSES = {DRAFT: _l("Draft"), APPROVED: _l("Approved"), RETIRED: _l("Retired")}


class PackVersion(Record):
    """One dated copy of a policy's pack (制度版本); its content never changes.

    The content is plain JSON, not JSONB, which would forget the order of states and moves.
    """

    __table_args__: Any = (UniqueConstraint("code", "version"),)

    code: Mapped[str] = fields.text(_l("Policy"), 12, computed=True)
    version: Mapped[int] = fields.integer(_l("Version"), computed=True)
    title_zh: Mapped[str] = fields.text(_l("Chinese title"), 120, computed=True)
    title_en: Mapped[str] = fields.text(_l("English title"), 160, computed=True)
    status: Mapped[str] = fields.choice(_l("State"), STATUSES, computed=True)
    effective_from: Mapped[dt.date] = fields.date(_l("Effective from"), computed=True)
    sha256: Mapped[str] = fields.text(_l("Fingerprint"), 64, computed=True)
    approved_by_id: Mapped[int | None] = fields.ref(_l("Approved by"), "account", computed=True)
    approved_at: Mapped[dt.datetime | None] = fields.datetime(_l("Approved at"), computed=True)
    content: Mapped[dict[str, Any]] = mapped_column(JSON)

    register = Register(
        area="policies",
        label=_l("Policy version"),
        title="code",
        icon="book-2",
        actions=frozenset(),
        permissions=("write",),
        menu=False,
        list=("code", "version", "title_zh", "status", "effective_from"),
        search=("code",),
        filters=("status", "effective_from"),
        order="code",
        sections=(
            Section(_l("Version"), ("code", "version", "title_zh", "title_en", "status", "effective_from", "sha256")),
            Section(_l("Approval"), ("approved_by_id", "approved_at"), clause="（十五）"),
        ),
    )


class PolicyAdoption(Record):
    """A unit that works by a policy for a time (制度采用)."""

    __table_args__: Any = (
        Index(None, "policy", "unit_id"),
        CheckConstraint("valid_to IS NULL OR valid_to >= valid_from", name="period"),
    )

    policy: Mapped[str] = fields.text(_l("Policy"), 12, computed=True)
    unit_id: Mapped[int] = fields.ref(_l("Unit"), "org_unit", computed=True)
    valid_from: Mapped[dt.date] = fields.date(_l("From"), computed=True)
    valid_to: Mapped[dt.date | None] = fields.date(_l("To"), computed=True)

    register = Register(
        area="policies",
        label=_l("Policy in use"),
        title="policy",
        icon="book-2",
        actions=frozenset(),
        permissions=("write",),
        menu=False,
        list=("policy", "unit_id", "valid_from", "valid_to"),
        search=("policy",),
        filters=("unit_id",),
        order="policy",
        sections=(Section(_l("Adoption"), ("policy", "unit_id", "valid_from", "valid_to")),),
    )


class PolicyParameter(Record):
    """A unit's own value of a setting that a pack offers (制度参数), from a day on, with the reason."""

    __table_args__: Any = (UniqueConstraint("unit_id", "policy", "key", "valid_from"),)

    unit_id: Mapped[int] = fields.ref(_l("Unit"), "org_unit", computed=True)
    policy: Mapped[str] = fields.text(_l("Policy"), 12, computed=True)
    key: Mapped[str] = fields.text(_l("Setting"), 60, computed=True)
    value: Mapped[str] = fields.text(_l("Value"), 60, computed=True)
    valid_from: Mapped[dt.date] = fields.date(_l("From"), computed=True)
    reason: Mapped[str] = fields.text(_l("Reason"), 200, computed=True)

    register = Register(
        area="policies",
        label=_l("Policy setting"),
        title="key",
        icon="adjustments",
        actions=frozenset(),
        permissions=("write",),
        menu=False,
        list=("policy", "unit_id", "key", "value", "valid_from"),
        search=("key",),
        filters=("policy", "unit_id"),
        order="key",
        sections=(Section(_l("Setting"), ("policy", "unit_id", "key", "value", "valid_from", "reason")),),
    )
