"""The fixed questions that a policy asks about a customer."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from app.packs.types import Entry, Key, Text


class Question(Entry):
    """One question of the profile; the answer to a ``sensitive`` one needs a consent of its own and is kept sealed."""

    number: Annotated[int, Field(ge=1)]
    section: Key
    text: Text
    sensitive: bool = False
