"""How a policy wants customers to be contacted: how far apart, never when, and on which days."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from flask_babel import gettext as _
from pydantic import Field, PlainValidator

from app.packs.types import Basis, Entry, Filled, Key, Names, Nothing, Part, Span, Text, When


def _time(value: object) -> dt.time:
    try:
        return dt.time.fromisoformat(str(value))
    except ValueError:
        raise ValueError(_("a time of the day is written as 08:30")) from None


Time = Annotated[dt.time, PlainValidator(_time)]


class Quiet(Part):
    """Hours of each day in which nobody is contacted; the start belongs to them, the end does not."""

    start: Time
    end: Time
    clause: Filled
    basis: Basis


class Contact(Entry):
    """The rules for attempts to reach the customer of a case.

    Attempts are rows of ``log`` that lead to the case by ``case_field`` and of which ``only`` holds; ``outcome_field``
    has one of ``reached`` when the customer was there. After one that reached nobody, the next comes ``spacing`` later
    at the earliest. ``windows`` names the register of times that the customer asked for; they lift quiet hours. One
    attempt is owed on each working day after that of ``from_field`` until the customer was reached, or until
    ``until_field``. The case keeps the latest attempt in ``tried_field`` and that the customer was reached in
    ``reached_field``; while it is in one of ``states`` its page says when the next attempt may be made.
    """

    label: Text
    register_: Annotated[Key, Field(alias="register")]
    states: Names = Field(min_length=1)
    log: Key
    case_field: Key
    at_field: Key
    outcome_field: Key
    only: When = Nothing
    reached: Names = Field(min_length=1)
    spacing: Span
    quiet: tuple[Quiet, ...] = ()
    windows: Key | None = None
    from_field: Key
    until_field: Key
    tried_field: Key
    reached_field: Key
