"""Rounds of a case, as its pack describes them: each has a form, which follows the case until it ends."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from flask_babel import gettext as _

from app.areas.complaints.opening import announce
from app.core import clock, moves, saving
from app.core.db import session
from app.core.errors import Problem, Refusal
from app.core.moves import Moved
from app.core.register import Record, registers
from app.core.whole import Whole
from app.engines.numbering.operations import next_number
from app.engines.policy import operations as policy

if TYPE_CHECKING:
    from app.packs.cases import Rounds


def rule_of(case: Any) -> Rounds | None:
    """What the pack of a case says about its rounds."""
    told = policy.pack_for(case.pack_version_id).cases.get(case.__tablename__)
    return told.rounds if told else None


def forms_of(case: Any, rule: Rounds) -> list[Any]:
    """The forms of a case, the first round first."""
    model: Any = registers()[rule.register_].model
    of_case = getattr(model, f"{case.__tablename__}_id") == case.id
    return list(session.scalars(sa.select(model).where(of_case).order_by(model.round)))


def most_of(case: Any, rule: Rounds, at: dt.datetime) -> int | None:
    """How many rounds the policy, or the setting of the unit, allows; ``None`` when there is no bound."""
    if rule.most is None:
        return None
    day = clock.to_local(at).date()
    return int(policy.settings_for(policy.pack_for(case.pack_version_id), case.adopter_id, day).resolve(rule.most))


def follow(moved: Moved) -> None:
    """Keep the form of the present round as the case says; a step that begins a round opens the next one."""
    rule = rule_of(moved.record) if moved.register.from_pack and moved.move else None
    if rule is None or moved.move is None:
        return
    forms = forms_of(moved.record, rule)
    if forms:
        _keep(forms[-1], rule, moved.whole)
    if moved.move.key in rule.opens:
        _open(moved, rule, forms)


def after_edit(whole: Whole, _changed: Mapping[str, Any]) -> None:
    """What is corrected in the case is corrected in the form of the present round."""
    rule = rule_of(whole.record) if whole.register.from_pack else None
    if rule is not None and (forms := forms_of(whole.record, rule)):
        _keep(forms[-1], rule, whole)


def _keep(form: Any, rule: Rounds, case: Whole) -> None:
    """A form that has ended stays as it is; one that goes on takes the step that the case now asks for."""
    life = moves.lifecycle_of(form)
    if life is None or life.states[form.status].final:
        return
    kept = moves.whole_of(form)
    kept.update({name: case.get(source) for name, source in rule.fills.items()})
    kept.save()
    step = next((step for step in life.leaving(form.status) if step.system and moves.applies(step, kept.get)), None)
    if step is not None:
        moves.move(form, step.key, as_system=True)


def _open(moved: Moved, rule: Rounds, forms: list[Any]) -> None:
    case: Any = moved.record
    most = most_of(case, rule, moved.at)
    if most is not None and len(forms) >= most:
        text = _("The policy allows %(number)s rounds of a case.", number=most)
        raise Refusal(Problem(text, None, "rounds", rule.clause))
    if forms:
        moved.whole.update(dict.fromkeys(rule.clears))
        moved.whole.save()
    number = forms[-1].series if forms else _series(case, rule, moved)
    made = _form(case, rule, forms)
    pattern = rule.first if rule.first and not forms else rule.number
    made.series, made.form_no = number, pattern.format(number=number, round=made.round)
    life = moves.lifecycle_of(made)
    whole = Whole(made, life.detail if life else "")
    whole.update({name: moved.whole.get(source) for name, source in rule.fills.items()})
    announce(whole, moved.at, moved.employee_id, moved.post)


def _form(case: Any, rule: Rounds, forms: list[Any]) -> Any:
    """An empty form of the next round, under the pack version of its case."""
    model: Any = registers()[rule.register_].model
    start = policy.pack_for(case.pack_version_id).cases[rule.register_].start
    form: Record = model(
        unit_id=case.unit_id, owner_id=case.owner_id, policy=case.policy, pack_version_id=case.pack_version_id,
        adopter_id=case.adopter_id, status=start, round=len(forms) + 1, **{f"{case.__tablename__}_id": case.id},
    )
    return form


def _series(case: Any, rule: Rounds, moved: Moved) -> str:
    """The running number of the first form; later rounds keep it."""
    pack = policy.pack_for(case.pack_version_id)
    for numbering in pack.numbering.values():
        if numbering.register_ == rule.register_:
            scope = f"{pack.code}.{numbering.key}:{case.adopter_id}"
            return next_number(numbering.pattern, scope=scope, at=moved.at, period=numbering.reset).text
    return str(getattr(case, moved.register.title) or case.id)


moves.on_moved(follow, order=60)
saving.after_update(after_edit)
