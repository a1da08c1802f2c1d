"""Files of papers that must be complete before a case goes on, such as those that a court is given."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from app.packs.figures import Path
from app.packs.types import Entry, Key, Table, Text


class Paper(Entry):
    """A paper of a file: an attachment in ``field`` of rows of a register.

    The rows are the one that the case names in ``of``, else all that name the party of the file, or the party itself.
    """

    label: Text
    register_: Annotated[Key, Field(alias="register")]
    field: Key
    of: Key | None = None
    optional: bool = False


class Dossier(Entry):
    """The papers that belong to a case of a register; ``party`` is the path to whom it is about."""

    label: Text
    register_: Annotated[Key, Field(alias="register")]
    party: Path
    papers: Annotated[Table[Paper], Field(min_length=1)]
