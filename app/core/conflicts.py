"""Two editors of one row: what each made of a field, and one saved state out of both."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from flask import request
from flask_babel import gettext as _

from app.core import masking, past, reading
from app.core.errors import Conflict
from app.core.fieldspec import FieldSpec
from app.core.whole import Whole
from app.core.wording import listed

MINE, THEIRS = "mine", "theirs"
CHOICE = "choose-"


@dataclass(frozen=True)
class Clash:
    """A field that somebody else wrote since the form was opened; ``both`` if it was typed otherwise here.

    Without a history of the register what the field was is not ``known``.
    """

    spec: FieldSpec
    was: Any
    theirs: Any
    yours: Any
    both: bool
    known: bool = True
    who: str = ""
    at: dt.datetime | None = None

    def as_dict(self) -> dict[str, Any]:
        """As programs read it; personal data stays masked."""
        told = {"field": self.spec.name, "label": str(self.spec.label), "both": self.both}
        shown = {"was": self.was if self.known else None, "theirs": self.theirs, "yours": self.yours}
        plain = {key: self._plain(value, key == "was") for key, value in shown.items()}
        return told | plain | {"by": self.who, "at": self.at.isoformat() if self.at else None}

    def _plain(self, value: Any, masked: bool) -> Any:
        if self.spec.kind.name != "personal":
            return None if value is None else self.spec.kind.plain(value)
        return value if masked or not value else masking.mask(self.spec.mask, value)


@dataclass(frozen=True)
class Answer:
    """What a person chose on the page of a conflict: the version he saw, the fields he was asked about, his choices."""

    seen: int | None = None
    asked: tuple[str, ...] = ()
    choices: Mapping[str, str] = field(default_factory=dict)


def posted() -> Answer:
    """The answer in the form that was sent."""
    asked = tuple(request.form.getlist("asked"))
    chosen = {name: request.form.get(f"{CHOICE}{name}", "") for name in asked}
    choices = {name: choice for name, choice in chosen.items() if choice in (MINE, THEIRS)}
    return Answer(reading.number(request.form.get("seen_version", "")), asked, choices)


def clashes(whole: Whole, specs: Mapping[str, FieldSpec], values: Mapping[str, Any], version: int) -> list[Clash]:
    """The fields of a form that were written since a version, beside what was typed."""
    trail = past.trail_of(whole.register)
    if trail is None:
        return list(_without_history(whole, specs, values))
    written = trail.since(whole.register.guarded_by, whole.record.id, version)
    found = (_clash(whole, spec, values, written[name]) for name, spec in specs.items() if name in written)
    return [clash for clash in found if clash is not None]


def _without_history(whole: Whole, specs: Mapping[str, FieldSpec], values: Mapping[str, Any]) -> Iterator[Clash]:
    for name, value in values.items():
        if name in specs and (theirs := whole.get(name)) != value:
            yield Clash(specs[name], None, theirs, value, both=True, known=False)


def _clash(whole: Whole, spec: FieldSpec, values: Mapping[str, Any], written: past.Written) -> Clash | None:
    if not spec.stored:
        return None
    was, theirs = past.read(spec, written.old), whole.get(spec.name)
    yours = values.get(spec.name, theirs)
    personal = spec.kind.name == "personal"
    typed = spec.name in values and (personal or yours != was)
    if not personal and theirs == was:
        return None
    return Clash(spec, was, theirs, yours, both=typed and yours != theirs, who=written.who, at=written.at)


def settle(
    whole: Whole, specs: Mapping[str, FieldSpec], values: Mapping[str, Any], version: int | None, answer: Answer | None
) -> dict[str, Any]:
    """What is to be saved of the typed values when the row may have changed since ``version``.

    Of fields that only the other wrote his value stays; for those that both wrote a person chooses. Raises
    ``Conflict`` with every field concerned until he has; a program (without an answer) is refused any stale version.
    """
    now = whole.record.row_version
    if version is None or version == now:
        return dict(values)
    found = clashes(whole, specs, values, version)
    if answer is not None:
        if not found:
            return dict(values)
        if answer.seen == now and not _open(found, answer):
            return _merged(found, values, answer)
    raise Conflict(_sentence(found, answer, now), clashes=found, version=now)


def _open(found: list[Clash], answer: Answer) -> list[Clash]:
    """The fields that still need a choice; one that the page showed as the other's and that was typed anew has it."""
    return [clash for clash in found if clash.spec.name in answer.asked and clash.both
            and clash.spec.name not in answer.choices]  # fmt: skip


def _merged(found: list[Clash], values: Mapping[str, Any], answer: Answer) -> dict[str, Any]:
    """The typed values without those whose place the other's take."""
    kept = {c.spec.name for c in found if not c.both or answer.choices.get(c.spec.name) == THEIRS}
    return {name: value for name, value in values.items() if name not in kept}


def _sentence(found: list[Clash], answer: Answer | None, now: int) -> str:
    if answer is not None and answer.seen == now and (waiting := _open(found, answer)):
        names = listed(clash.spec.label for clash in waiting)
        return _("Nothing was saved yet: please choose for each of these fields: %(fields)s.", fields=names)
    return _("Somebody changed this record while you were typing. Nothing was saved.")
