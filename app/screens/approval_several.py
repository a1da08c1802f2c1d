"""Several approvals at once: choose, look at what will happen, fill in once what the chosen ones lack, confirm."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import Any

from flask import flash, url_for
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from app.core import forms, moves, reading, saving
from app.core.db import session
from app.core.errors import Problem, Refusal
from app.core.fieldspec import FieldSpec
from app.core.lifecycle import Move
from app.core.whole import Whole
from app.core.wording import listed
from app.engines.approvals import operations as approvals
from app.engines.approvals.inbox import Item
from app.screens.approval_acts import perform


@dataclass(frozen=True)
class Chosen:
    """One step with its record and the move that its approval makes."""

    item: Item
    step_id: int
    whole: Whole
    move: Move | None

    @cached_property
    def lacks(self) -> tuple[str, ...]:
        """The fields that the move needs and the record does not have yet."""
        needs = self.move.requires if self.move else ()
        return tuple(name for name in needs if self.whole.get(name) in (None, "", []))


@dataclass
class Group:
    """Chosen steps that make the same move of the same version: what one of them lacks is asked once for all."""

    number: int
    members: list[Chosen]
    given: MultiDict[str, str]
    problems: list[Problem] = field(default_factory=list)

    @property
    def prefix(self) -> str:
        """What the names of its fields begin with; groups share one form."""
        return f"g{self.number}__"

    @cached_property
    def specs(self) -> dict[str, FieldSpec]:
        """The fields to ask for."""
        fields = self.members[0].whole.fields
        return {name: fields[name] for name in dict.fromkeys(name for one in self.members for name in one.lacks)}

    @cached_property
    def typed(self) -> dict[str, Any]:
        """What was typed into them."""
        mine = [(key.removeprefix(self.prefix), value) for key, value in self.given.items(multi=True)
                if key.startswith(self.prefix)]  # fmt: skip
        return forms.typed(MultiDict(mine), self.specs)

    def check(self, comment: str) -> None:
        """Note what is missing or cannot be read."""
        move = self.members[0].move
        found, unread = saving.read_values(self.specs, self.typed)
        said = {problem.field for problem in unread}
        self.problems = [*unread, *(
            Problem(_("“%(field)s” is needed for “%(move)s”.", field=spec.label, move=move.label), name, "required",
                    move.clause)
            for name, spec in self.specs.items() if move and found.get(name) in (None, "", []) and name not in said
        )]
        if move and move.reason and not comment.strip():
            self.problems.append(Problem(_("Please write a comment."), "comment", "required", move.clause))

    def told(self) -> Iterator[tuple[Chosen, dict[str, Any], int | None]]:
        """Each step with what it lacks out of what was typed, and the version that was looked at."""
        for one in self.members:
            raw = {name: value for name, value in self.typed.items() if name in one.lacks}
            yield one, raw, reading.number(self.given.get(f"version_{one.step_id}", ""))

    def shown(self) -> dict[str, Any]:
        """Its fields for the page."""
        first, move = self.members[0], self.members[0].move
        builder = forms.FormBuilder(
            first.whole, self.specs, self.typed, self.problems, self.specs, first.item.request.policy
        )
        fields = [builder.field(spec) | {"name": self.prefix + spec.name} for spec in self.specs.values()]
        title = listed(one.item.request.title for one in self.members if one.lacks)
        return {"title": move.label if move else "", "for": title, "fields": fields}


def chosen_of(items: Sequence[Item]) -> Iterator[Chosen]:
    """Steps with what their approval would do."""
    for item in items:
        if item.step is not None:
            record = approvals.subject_of(item.request)
            move = approvals.move_for(record, item.request, "approve")
            yield Chosen(item, item.step.id, moves.whole_of(record), move)


def groups_of(chosen: Sequence[Chosen], given: MultiDict[str, str]) -> list[Group]:
    """The chosen steps by the move that they make."""
    found: dict[Any, list[Chosen]] = {}
    for one in chosen:
        request = one.item.request
        key = (request.of_register, request.pack_version_id, one.move.key if one.move else "")
        found.setdefault(key, []).append(one)
    return [Group(number, members, given) for number, members in enumerate(found.values())]


def approve_all(groups: Sequence[Group], comment: str) -> None:
    """Approve each on its own: one that is refused does not hold up the others."""
    done = 0
    for one, raw, version in [told for group in groups for told in group.told()]:
        title = one.item.request.title
        try:
            with session.begin_nested():
                perform(one.step_id, "approve", raw, comment, version)
            done += 1
        except Refusal as refusal:
            flash(_("%(title)s: %(why)s", title=title, why=str(refusal)), "danger")
    if done:
        flash(_("%(number)s approved.", number=done), "success")


def page_of(chosen: Sequence[Chosen], groups: Sequence[Group], comment: str) -> dict[str, Any]:
    """The page: all that wait, to choose from; with groups, what will happen to them."""
    sums = [one.item.request.amount for one in chosen if one.item.request.amount is not None]
    return {
        "rows": [_row(one) for one in chosen], "preview": bool(groups), "comment": comment,
        "groups": [group.shown() for group in groups if group.specs],
        "problems": [problem for group in groups for problem in group.problems],
        "total": f"{sum(sums, Decimal(0)):,.2f}" if groups and sums else "", "back_url": url_for("ApprovalsView.index"),
    }


def _row(one: Chosen) -> dict[str, Any]:
    request, life = one.item.request, moves.lifecycle_of(one.whole.record)
    return {
        "step": one.step_id, "id": request.title, "title": request.frozen.get("summary", ""),
        "kind": approvals.subject(request.frozen), "version": one.whole.record.row_version,
        "target": life.states[one.move.target].label if one.move and life else "",
        "lacks": listed(one.whole.fields[name].label for name in one.lacks),
        "amount": f"{request.amount:,.2f}" if request.amount is not None else "",
        "url": url_for("ApprovalsView.show", pk=one.step_id),
    }
