"""Second sources: a text that repeats a policy word for word is cited beside it and brings nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Annotated

from pydantic import Field

from app.packs.text import read_text
from app.packs.types import Entry, Filled, Nothing, Part, Table, Text

FOLDER = Path(__file__).parent / "sources"


class Difference(Entry):
    """A place where the second text reads otherwise, and what follows from it."""

    first: Text
    second: Text
    effect: Text


class Citation(Part):
    """A text that says the same as the policy ``same_as``: no posts, no registers, only where it stands."""

    code: Annotated[str, Field(pattern=r"^[A-Z]\d{2}$")]
    slug: Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]*$")]
    same_as: Annotated[str, Field(pattern=r"^[A-Z]\d{2}$")]
    title: Text
    source: Filled
    differences: Table[Difference] = Nothing


@cache
def citations(folder: Path = FOLDER) -> Mapping[str, Citation]:
    """Every installed second source by its code; a file of ``folder`` is one."""
    files = sorted(folder.glob("[A-Z][0-9][0-9].yaml"))
    found = (Citation.model_validate(read_text(file.read_text(encoding="utf-8"))) for file in files)
    return MappingProxyType({citation.code: citation for citation in found})


def cited_for(code: str, folder: Path = FOLDER) -> list[Citation]:
    """The second sources of a policy."""
    return [citation for citation in citations(folder).values() if citation.same_as == code]
