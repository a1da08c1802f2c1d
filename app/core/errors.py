"""Refusals a person can cause: sentences that name the field, the rule and the clause."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _


@dataclass(frozen=True)
class Problem:
    """One reason for a refusal; ``message`` is a finished (or lazy) sentence in the reader's language.

    ``figures`` are the numbers of a bound that is broken, as text, for programs.
    """

    message: Any
    field: str | None = None
    rule: str | None = None
    clause: str | None = None
    figures: Mapping[str, str] | None = None

    def as_dict(self) -> dict[str, Any]:
        """The shape of the REST answer."""
        told = {"field": self.field, "rule": self.rule, "clause": self.clause, "message": str(self.message)}
        return told | ({"figures": dict(self.figures)} if self.figures else {})


class Refusal(Exception):
    """An act that a rule does not allow; carries every problem found, not only the first."""

    status = 422

    def __init__(self, *problems: Problem | str, **place: Any) -> None:
        self.problems = [p if isinstance(p, Problem) else Problem(p, **place) for p in problems]
        super().__init__("; ".join(str(p.message) for p in self.problems))

    @classmethod
    def when(cls, problems: Iterable[Problem]) -> None:
        """Raise if there is any problem."""
        found = list(problems)
        if found:
            raise cls(*found)


class BadRequest(Refusal):
    """The request itself cannot be read: unknown filter, page or sort column."""

    status = 400


class Forbidden(Refusal):
    """The person may see the row but not take this step."""

    status = 403


class NotFound(Refusal):
    """No such row, or a row outside the person's data scope: both look the same."""

    status = 404

    def __init__(self, *problems: Problem | str, **place: str | None) -> None:
        super().__init__(*(problems or (_("There is no such record, or it is outside what you may see."),)), **place)


class Conflict(Refusal):
    """Somebody changed the row meanwhile; ``clashes`` are the fields concerned, ``version`` is the row's now."""

    status = 409

    def __init__(self, *problems: Problem | str, clashes: Sequence[Any] = (), version: int | None = None) -> None:
        super().__init__(*problems)
        self.clashes, self.version = list(clashes), version

    def as_dict(self) -> dict[str, Any]:
        """What a program needs to try again: the row's version, and what each made of every field."""
        return {"row_version": self.version, "fields": [clash.as_dict() for clash in self.clashes]}
