"""Collateral counts once its formalities are done, and no property is pledged twice at a time."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from app.areas.credit.collateral import Collateral
from app.core import clock
from app.core.db import session
from app.core.errors import Problem
from app.core.ripples import after_change
from app.core.saving import Draft, before_create, check
from app.core.whole import Whole

CLAUSE = "第27条"


@check("collateral")
def formalities_agree(draft: Draft) -> Iterable[Problem]:
    """Registration, end and release follow each other, and a registered pledge has its certificate."""
    registered, released, ends = (draft.get(name) for name in ("registered_on", "released_on", "valid_until"))
    if registered and registered > clock.today():
        yield Problem(_("The day lies in the future."), "registered_on", "not_future", CLAUSE)
    if registered and not draft.get("certificate_no"):
        yield Problem(_("Write the number of the certificate."), "certificate_no", "required", CLAUSE)
    if released and not registered:
        yield Problem(_("What was never registered cannot be released."), "released_on", "registered", CLAUSE)
    for name, day in (("released_on", released), ("valid_until", ends)):
        if registered and day and day < registered:
            yield Problem(_("The day lies before the registration."), name, "not_before", CLAUSE)
    if draft.get("appraised_value") is not None and not draft.get("appraised_value"):
        yield Problem(_("A pledge has a value."), "appraised_value", "positive", CLAUSE)


@check("collateral")
def pledged_once(draft: Draft) -> Iterable[Problem]:
    """A certificate stands behind one pledge until that is released, whichever customer it is of."""
    key = key_of(draft.get("certificate_no"), draft.get("released_on"))
    if key is None:
        return
    found = sa.select(Collateral.id).where(Collateral.pledge_key == key, Collateral.id != (draft.whole.record.id or 0))
    if session.scalar(found) is not None:
        label = draft.whole.fields["certificate_no"].label
        text = _("%(field)s: this property is pledged already; it is free once that pledge is released.", field=label)
        yield Problem(text, "certificate_no", "pledged_once", CLAUSE)


def key_of(certificate: str | None, released: Any) -> str | None:
    """What a pledge is told by while it stands: its certificate without spaces and signs, in capitals."""
    if not certificate or released:
        return None
    plain = unicodedata.normalize("NFKC", certificate)
    return "".join(sign for sign in plain if sign.isalnum()).upper() or None


@before_create("collateral")
def keyed(whole: Whole) -> None:
    """A new pledge is told by its certificate."""
    whole.update({"pledge_key": key_of(whole.get("certificate_no"), whole.get("released_on"))})


@after_change("collateral")
def keyed_again(record: Any) -> None:
    """A released pledge frees its property."""
    record.pledge_key = key_of(record.certificate_no, record.released_on)
    session.flush()
