"""How cases of a register live: states, steps, and what their fields must be."""

from __future__ import annotations

from collections.abc import Iterator

from flask_babel import gettext as _

from app.core.lifecycle import Lifecycle
from app.core.lifecycle import Move as LifeMove
from app.core.wording import listed
from app.engines.policy.calc import lifecycle_of
from app.engines.policy.reading.tables import Column, Row, Section, Table
from app.engines.policy.reading.words import Wording
from app.packs.cases import Case, FieldRule, Opinion, Procedure, Rounds, State


def sections(words: Wording) -> Iterator[Section]:
    """A section for each register whose cases the policy governs."""
    for slug, case in words.pack.cases.items():
        life = lifecycle_of(words.pack, slug)
        hint = _("opened by: %(posts)s", posts=words.posts(case.may_open))
        tables = (_states(words, slug, case), _moves(words, slug, life), _fields(words, slug, case))
        yield Section(f"cases.{slug}", str(case.label), tuple(table for table in tables if table.rows), hint)


# -- states ----------------------------------------------------------------------------------------------------------


def _states(words: Wording, slug: str, case: Case) -> Table:
    columns = (Column(_("State")), Column(_("Held by")), Column(_("Its holder may type in")))
    rows = (
        Row(f"cases.{slug}.states.{key}", state.clause, state.basis, _state(words, slug, case, state))
        for key, state in case.states.items()
    )
    return Table(columns, tuple(rows), _("States"))


def _state(words: Wording, slug: str, case: Case, state: State) -> tuple[object, ...]:
    marks = [_("begins here")] if state.key == case.start else [_("ends here")] if state.final else []
    return ([str(state.label), *marks], _holder(words, slug, state), words.fields(slug, state.editable))


def _holder(words: Wording, slug: str, state: State) -> str:
    if state.holder is None:
        return ""
    post = words.posts([state.holder.post])
    if state.holder.owner:
        return _("%(post)s, the case's own person", post=post)
    if state.holder.unit_field:
        return _("%(post)s in “%(field)s”", post=post, field=words.field(slug, state.holder.unit_field))
    return post


# -- steps -----------------------------------------------------------------------------------------------------------


def _moves(words: Wording, slug: str, life: Lifecycle) -> Table:
    columns = (Column(_("Step")), Column(_("From → to")), Column(_("Who")), Column(_("Needs")), Column(_("Does")))
    case = words.pack.cases[slug]
    rows = (
        Row(
            f"cases.{slug}.moves.{key}", case.moves[key].clause, case.moves[key].basis,
            (str(move.label), _way(words, slug, move), _who(words, slug, move), list(_needs(words, slug, move)),
             list(_does(words, slug, move))),
        )
        for key, move in life.moves.items()
    )  # fmt: skip
    return Table(columns, tuple(rows), _("Steps"))


def _way(words: Wording, slug: str, move: LifeMove) -> str:
    if move.sources == (move.target,):
        return _("stays “%(state)s”", state=words.states(slug, [move.target]))
    return f"{words.states(slug, move.sources)} → {words.states(slug, [move.target])}"


def _who(words: Wording, slug: str, move: LifeMove) -> list[str]:
    if move.system:
        return [_("the system, by itself")]
    found = [words.posts(move.posts)]
    if move.post_field:
        found.append(_("of these the one in “%(field)s”", field=words.field(slug, move.post_field)))
    if move.owner_only:
        found.append(_("for own cases only"))
    if move.approval:
        subject = words.pack.approvals[move.approval].subject
        found.append(_("by the approval “%(subject)s”", subject=subject))
    return found


def _needs(words: Wording, slug: str, move: LifeMove) -> Iterator[str]:
    if move.when:
        yield _("only when %(conditions)s", conditions=words.conditions(slug, move.when))
    if move.requires:
        yield _("filled: %(fields)s", fields=words.fields(slug, move.requires))
    if move.reason:
        yield _("a reason")
    yield from (str(words.named(name)) for name in move.guards)


def _does(words: Wording, slug: str, move: LifeMove) -> Iterator[str]:
    if move.writes:
        yield _("may write: %(fields)s", fields=words.fields(slug, move.writes))
    yield from words.sets(slug, move.sets)
    yield from (str(words.named(name)) for name in move.effects)


# -- fields ----------------------------------------------------------------------------------------------------------


def _fields(words: Wording, slug: str, case: Case) -> Table:
    """Rules of fields, fields that belong to posts, and what a new form takes along."""
    here = f"cases.{slug}"
    rows = [
        Row(f"{here}.rules.{key}", rule.clause, rule.basis, (words.field(slug, key), rule_words(words, slug, rule)),
            (1,))
        for key, rule in case.rules.items()
    ]
    rows += [
        Row(
            f"{here}.opinions.{key}", own.clause, own.basis,
            (words.field(slug, key), _owned(words, own)), (1,),
        )
        for key, own in case.opinions.items()
    ]  # fmt: skip
    rows += _lines(words, here, case)
    if (form := case.new_form) is not None:
        said = [_("takes along: %(fields)s", fields=words.fields(slug, form.copies)), form.number]
        if form.same:
            same = words.fields(slug, form.same)
            said.append(_("the only form for the same %(fields)s after a refusal", fields=same))
        cells = (words.moves(slug, [form.move]), said)
        rows.append(Row(f"{here}.new_form", form.clause, form.basis, cells, (1,)))
    if case.follows:
        told = _("opened when %(conditions)s", conditions=words.conditions("complaint", case.follows))
        rows.append(Row(f"{here}.follows", case.clause, case.basis, (words.register("complaint"), told), (1,)))
    if case.rounds is not None:
        rows.append(_rounds(words, slug, case.rounds))
    rows += [_procedure(words, slug, known) for known in case.procedures.values()]
    return Table((Column(_("Field")), Column(_("Rule"))), tuple(rows), _("Fields"))


def _procedure(words: Wording, slug: str, known: Procedure) -> Row:
    """The steps of a procedure in their order, and which moves begin it."""
    said = [f"{place}. {step.label}" for place, step in enumerate(known.steps, 1)]
    said.append(_("begun at %(moves)s", moves=words.moves(slug, known.begins)))
    if known.when:
        said.append(_("when %(conditions)s", conditions=words.conditions(slug, known.when)))
    here = f"cases.{slug}.procedures.{known.key}"
    return Row(here, known.clause, known.basis, (known.label, said), (1,))


def _rounds(words: Wording, slug: str, rounds: Rounds) -> Row:
    """Which steps begin another form, what begins anew with it, and how many there may be."""
    said = [
        _("a form is begun at %(moves)s", moves=words.moves(slug, rounds.opens)),
        _("it takes along: %(fields)s", fields=words.fields(slug, rounds.fills.values())),
    ]
    if rounds.clears:
        said.append(_("begins empty: %(fields)s", fields=words.fields(slug, rounds.clears)))
    if rounds.most:
        said.append(_("at most %(number)s rounds", number=words.figure(rounds.most)))
    said.append(rounds.number)
    return Row(f"cases.{slug}.rounds", rounds.clause, rounds.basis, (words.register(rounds.register_), said), (1,))


def _lines(words: Wording, here: str, case: Case) -> Iterator[Row]:
    """Fields of rows that belong to a case, such as its samples."""
    for line, kept in case.lines.items():
        for key, own in kept.opinions.items():
            cells = ([words.field(line, key), words.register(line)], _owned(words, own))
            yield Row(f"{here}.lines.{line}.opinions.{key}", own.clause, own.basis, cells, (1,))


def _owned(words: Wording, own: Opinion) -> str:
    return _("written by %(posts)s only", posts=words.posts(own.posts))


def rule_words(words: Wording, slug: str, rule: FieldRule) -> list[str]:
    """What a rule asks of its field."""
    found = []
    if rule.required_when:
        found.append(_("needed when %(conditions)s", conditions=words.conditions(slug, rule.required_when)))
    if rule.empty_when:
        found.append(_("stays empty when %(conditions)s", conditions=words.conditions(slug, rule.empty_when)))
    if rule.on:
        found.append(_("judged at %(moves)s", moves=listed([words.moves(slug, rule.on)])))
    if rule.remark:
        found.append(str(rule.remark))
    return found
