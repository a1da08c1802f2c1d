"""What somebody typed into a form and has not sent: kept on the server, encrypted, for him alone, until it is saved."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import sqlalchemy as sa
from flask import request
from flask_babel import gettext as _
from sqlalchemy import BigInteger, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column
from werkzeug.datastructures import MultiDict

from app.core import access, actor, clock, reading, upsert
from app.core.crypto import CryptoError, Encrypted
from app.core.db import Model, session
from app.core.errors import BadRequest, NotFound, Refusal
from app.core.register import registers
from app.core.types import RowId, UtcDateTime

KEPT_FOR = dt.timedelta(days=30)
LONGEST = 200_000
PLACE = re.compile(r"/(\w+)/(?:add|\d{1,16}/edit|\d{1,16}/move/\w+)(?:\?[^#\s]*)?")
FIELD = "draft_place"
NOT_TYPED = {"csrf_token", FIELD, "row_version", "seen_version", "asked"}


class FormDraft(Model):
    """One form of one person as he left it; ``place`` is its address, ``row_version`` the row's when it was opened."""

    __tablename__ = "form_draft"
    __table_args__ = (UniqueConstraint("account_id", "place"),)

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("ab_user.id", ondelete="CASCADE"))
    place: Mapped[str] = mapped_column(String(200))
    at: Mapped[dt.datetime] = mapped_column(UtcDateTime, index=True)
    row_version: Mapped[int | None] = mapped_column(BigInteger)
    content: Mapped[str] = mapped_column(Encrypted())


@dataclass(frozen=True)
class Draft:
    """A form as it was left."""

    at: dt.datetime
    row_version: int | None
    fields: MultiDict[str, str]


def place() -> str:
    """The address of the form at hand, by which its draft is known; empty for one that keeps none."""
    if request.method == "POST":
        said = request.form.get(FIELD, "")
        return said if _slug(said) else ""
    args = [(key, value) for key, value in request.args.items(multi=True) if key != "_l_"]
    here = request.path + (f"?{urlencode(args)}" if args else "")
    return here if _slug(here) else ""


def _slug(said: str) -> str:
    """The register whose form a place is; empty for anything else."""
    found = PLACE.fullmatch(said) if len(said) <= 200 else None
    return found.group(1) if found and found.group(1) in registers() else ""


def keep(said: str, form: Mapping[str, Any]) -> FormDraft:
    """Keep what a form holds; the caller commits. Raises ``BadRequest`` for no form, ``NotFound`` for one not his."""
    account = actor.user_id()
    slug = _slug(said)
    if not slug:
        raise BadRequest(_("There is no such form."))
    if account is None or not _may_type(slug):
        raise NotFound()
    typed = MultiDict(form)
    version = reading.number(typed.get("row_version", ""))
    content = json.dumps({key: typed.getlist(key) for key in typed if key not in NOT_TYPED}, ensure_ascii=False)
    if len(content) > LONGEST:
        raise Refusal(_("The form is too long to be kept as a draft; please save it."))
    values = {"at": clock.now(), "row_version": version, "content": content}
    made = upsert.insert(FormDraft).values(account_id=account, place=said, **values)
    session.execute(made.on_conflict_do_update(index_elements=["account_id", "place"], set_=values))
    return session.scalars(_mine(said, account).execution_options(populate_existing=True)).one()


def _may_type(slug: str) -> bool:
    guard = registers()[slug].guarded_by
    return any(access.current().can(guard, action) for action in ("write", "move"))


def _mine(said: str, account: int) -> sa.Select[tuple[FormDraft]]:
    return sa.select(FormDraft).where(FormDraft.account_id == account, FormDraft.place == said)


def find(said: str) -> Draft | None:
    """The person's draft of a form; one statement."""
    account = actor.user_id()
    try:
        row = session.scalar(_mine(said, account)) if said and account is not None else None
    except CryptoError:  # the key it was written under was dropped since
        return None
    if row is None:
        return None
    lists: dict[str, list[str]] = json.loads(row.content)
    return Draft(row.at, row.row_version, MultiDict(lists))


def forget(said: str) -> None:
    """Let go of the person's draft of a form: it was saved, or is not wanted; the caller commits."""
    account = actor.user_id()
    if _slug(said) and account is not None:
        session.execute(sa.delete(FormDraft).where(FormDraft.account_id == account, FormDraft.place == said))


def address(said: str) -> str:
    """Where a form is; raises ``BadRequest`` for what is none."""
    if not _slug(said):
        raise BadRequest(_("There is no such form."))
    return request.script_root + said


def remove_old(at: dt.datetime) -> int:
    """Remove what nobody came back to for thirty days."""
    gone = session.execute(sa.delete(FormDraft).where(FormDraft.at < at - KEPT_FOR))
    return int(getattr(gone, "rowcount", 0))
