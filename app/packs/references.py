"""Names inside a pack that lead nowhere, and lives of cases that cannot be lived."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from flask_babel import gettext as _
from pydantic import BaseModel

from app.core.wording import N_
from app.packs.types import UNITS, Ref
from app.packs.values import read_value

if TYPE_CHECKING:
    from app.packs.cases import Case, Conduct
    from app.packs.entries import Moments
    from app.packs.schema import Pack

Found = Iterator[tuple[str, str]]

WHAT = {
    "post": N_("post"), "state": N_("state"), "move": N_("step"), "parameter": N_("setting"), "clock": N_("time limit"),
    "case register": N_("register of cases"), "authority": N_("authority"), "numbering": N_("number"),
    "report": N_("statistic"), "placeholder": N_("placeholder"), "class": N_("class"), "limit": N_("ceiling"),
}
IN_NUMBERS = ("YYYY", "YY", "MM", "DD", "case", "unit", "seq", *(f"seq:0{digits}" for digits in range(1, 10)),
              *(f"random:0{digits}" for digits in range(1, 10)))  # fmt: skip


def faults_of(pack: Pack) -> Found:
    """Path and message of every fault that only the whole pack shows."""
    yield from _parameters(pack)
    for slug, case in pack.cases.items():
        yield from _case(pack, f"cases.{slug}", case)
    yield from _clocks(pack)
    yield from _approvals(pack)
    yield from _posts_elsewhere(pack)
    yield from _keys_elsewhere(pack)
    yield from _patterns(pack)
    yield from _tiers(pack)
    yield from _shields(pack)


def unknown(path: str, names: Iterable[str | None], pool: Container[str], what: str) -> Found:
    """A fault for each name that is not in the pool."""
    for name in names:
        if name is not None and name not in pool:
            yield path, _("there is no %(what)s “%(name)s”", what=_(WHAT[what]), name=name)


# Parameters


def _parameters(pack: Pack) -> Found:
    for key, parameter in pack.parameters.items():
        try:
            read_value(parameter, parameter.value)
        except ValueError as error:
            yield f"parameters.{key}.value", str(error)
    for path, ref in _refs(pack, ""):
        wanted = pack.parameters.get(ref.key)
        if wanted is None:
            yield from unknown(path, [ref.key], pack.parameters, "parameter")
        elif path.endswith(".unit") and not (wanted.choices and set(wanted.choices) <= set(UNITS)):
            yield path, _("parameter “%(key)s” is not a choice of units", key=ref.key)
        elif path.endswith((".number", ".least", ".most")) and wanted.type in ("choice", "flag"):
            yield path, _("parameter “%(key)s” is not a number", key=ref.key)


def _refs(value: Any, path: str) -> Iterator[tuple[str, Ref]]:
    """Every ``$parameter`` below a value, with its path."""
    if isinstance(value, Ref):
        yield path.lstrip("."), value
    elif isinstance(value, BaseModel):
        for name in type(value).model_fields:
            yield from _refs(getattr(value, name), f"{path}.{name}")
    elif isinstance(value, Mapping):
        for name, inner in value.items():
            yield from _refs(inner, f"{path}.{name}")
    elif isinstance(value, tuple):
        for place, inner in enumerate(value):
            yield from _refs(inner, f"{path}.{place}")


def clauses_in(value: Any) -> Iterator[str]:
    """Every clause that something of a pack cites, whole and in its parts."""
    if isinstance(value, BaseModel):
        for name in type(value).model_fields:
            if name == "clause":
                yield from (value.clause, *map(str.strip, value.clause.split(";")))  # type: ignore[attr-defined]
            else:
                yield from clauses_in(getattr(value, name))
    elif isinstance(value, Mapping):
        for inner in value.values():
            yield from clauses_in(inner)
    elif isinstance(value, tuple):
        for inner in value:
            yield from clauses_in(inner)


# Cases


def _case(pack: Pack, path: str, case: Case) -> Found:
    yield from unknown(f"{path}.may_open", case.may_open, pack.posts, "post")
    yield from unknown(f"{path}.start", [case.start], case.states, "state")
    for key, state in case.states.items():
        if state.holder:
            yield from unknown(f"{path}.states.{key}.holder", [state.holder.post], pack.posts, "post")
            yield from _foreign(f"{path}.states.{key}.editable", case, state.editable, {state.holder.post})
    for key, move in case.moves.items():
        here = f"{path}.moves.{key}"
        yield from unknown(here, (*move.sources, move.to), case.states, "state")
        yield from unknown(f"{here}.posts", move.posts, pack.posts, "post")
        yield from _foreign(here, case, (*move.requires, *move.writes), set(move.posts))
    for place, step in enumerate(case.steps):
        yield from unknown(f"{path}.steps.{place}", step.states, case.states, "state")
    for key, rule in case.rules.items():
        yield from unknown(f"{path}.rules.{key}.on", rule.on, case.moves, "move")
    yield from _owners(pack, path, case)
    if case.new_form:
        yield from unknown(f"{path}.new_form.move", [case.new_form.move], case.moves, "move")
        yield from _places(f"{path}.new_form.number", case.new_form.number, ("case", "version"))
    if case.rounds:
        yield from unknown(f"{path}.rounds.register", [case.rounds.register_], pack.cases, "case register")
        yield from unknown(f"{path}.rounds.opens", case.rounds.opens, case.moves, "move")
        yield from _places(f"{path}.rounds.number", case.rounds.number, ("number", "round"))
    yield from _procedures(pack, path, case)
    yield from _life(path, case)


def _procedures(pack: Pack, path: str, case: Case) -> Found:
    """Lists of steps that no move begins or does."""
    for key, procedure in case.procedures.items():
        here = f"{path}.procedures.{key}"
        yield from unknown(f"{here}.register", [procedure.register_], pack.cases, "case register")
        yield from unknown(f"{here}.begins", procedure.begins, case.moves, "move")
        for place, step in enumerate(procedure.steps):
            yield from unknown(f"{here}.steps.{place}.moves", step.moves, case.moves, "move")


def _owners(pack: Pack, path: str, case: Case) -> Found:
    """Fields of the case and of its lines that belong to posts which do not exist."""
    owned = {"opinions": case.opinions} | {f"lines.{slug}": line.opinions for slug, line in case.lines.items()}
    for place, opinions in owned.items():
        for key, opinion in opinions.items():
            yield from unknown(f"{path}.{place}.{key}.posts", opinion.posts, pack.posts, "post")


def _foreign(path: str, case: Case, fields: Iterable[str], posts: set[str]) -> Found:
    """Fields that belong to other posts than those that would write them."""
    for field in fields:
        if field in case.opinions and not posts <= set(case.opinions[field].posts):
            yield path, _("“%(field)s” belongs to %(posts)s", field=field, posts=", ".join(case.opinions[field].posts))


def _life(path: str, case: Case) -> Found:
    """States that no case reaches, and states that none leaves although they are not final."""
    ways: dict[str, set[str]] = {key: set() for key in case.states}
    for move in case.moves.values():
        for source in move.sources:
            ways.setdefault(source, set()).add(move.to)
    reached, ahead = set(), [case.start]
    while ahead:
        state = ahead.pop()
        if state not in reached:
            reached.add(state)
            ahead += ways.get(state, set())
    for key, known in case.states.items():
        if key not in reached:
            yield f"{path}.states.{key}", _("no case ever reaches this state")
        if not known.final and not ways[key] - {key}:
            yield f"{path}.states.{key}", _("no case ever leaves this state")


# Clocks and approvals


def _moments(path: str, pack: Pack, register: str, moments: Moments | Conduct | None) -> Found:
    case = pack.cases.get(register)
    if moments is None or case is None:
        return
    yield from unknown(f"{path}.states", moments.states, case.states, "state")
    yield from unknown(f"{path}.moves", moments.moves, case.moves, "move")


def _clocks(pack: Pack) -> Found:
    for key, clock in pack.clocks.items():
        path = f"clocks.{key}"
        yield from unknown(f"{path}.register", [clock.register_], pack.cases, "case register")
        yield from _moments(f"{path}.start", pack, clock.register_, clock.start)
        yield from _moments(f"{path}.stop", pack, clock.register_, clock.stop)
        yield from unknown(f"{path}.cap", [clock.cap], pack.clocks, "clock")
        yield from unknown(f"{path}.responsible", [clock.responsible], pack.posts, "post")
        for place, rung in enumerate(clock.escalation):
            yield from unknown(f"{path}.escalation.{place}", rung.posts, pack.posts, "post")


def _approvals(pack: Pack) -> Found:
    decided: dict[tuple[str, str], str] = {}
    for key, route in pack.approvals.items():
        path, case = f"approvals.{key}", pack.cases.get(route.register_)
        for place, station in enumerate(route.stations):
            yield from unknown(f"{path}.stations.{place}", station.posts, pack.posts, "post")
            yield from unknown(f"{path}.stations.{place}", [station.authority], pack.authority, "authority")
        if case is None:
            if route.start.states or route.start.moves or route.outcomes:
                yield from unknown(f"{path}.register", [route.register_], pack.cases, "case register")
            continue
        yield from _moments(f"{path}.start", pack, route.register_, route.start)
        yield from unknown(f"{path}.outcomes", route.outcomes.values(), case.moves, "move")
        if route.recusal:
            yield from unknown(f"{path}.recusal.moves", route.recusal.moves, case.moves, "move")
        for move in route.outcomes.values():
            if (other := decided.setdefault((route.register_, move), key)) != key:
                yield f"{path}.outcomes", _("“%(move)s” is already an outcome of “%(other)s”", move=move, other=other)


# Everything else


def _posts_elsewhere(pack: Pack) -> Found:
    yield from unknown("heads.posts", pack.heads.posts if pack.heads else (), pack.posts, "post")
    yield from unknown("charging.in_person", pack.charging.in_person if pack.charging else (), pack.posts, "post")
    for key, authority in pack.authority.items():
        yield from unknown(f"authority.{key}.register", [authority.register_], pack.cases, "case register")
        yield from unknown(f"authority.{key}.bands", [band.post for band in authority.bands], pack.posts, "post")
    for key, slip in pack.slips.items():
        yield from unknown(f"slips.{key}.issued_by", [slip.issued_by], pack.posts, "post")
    for key, form in pack.prints.items():
        yield from unknown(f"prints.{key}", (*(copy.post for copy in form.copies), *form.no_print), pack.posts, "post")
        case = pack.cases.get(form.register_)
        sent = (move for copy in form.copies for move in copy.on)
        yield from unknown(f"prints.{key}.copies", sent, case.moves if case else (), "move")
    for key, task in pack.tasks.items():
        yield from unknown(f"tasks.{key}.posts", task.posts, pack.posts, "post")


def _keys_elsewhere(pack: Pack) -> Found:
    for key, conduct in pack.conduct.items():
        yield from _moments(f"conduct.{key}", pack, conduct.register_, conduct)
    for key, contact in pack.contacts.items():
        case = pack.cases.get(contact.register_)
        yield from unknown(f"contacts.{key}.register", [contact.register_], pack.cases, "case register")
        yield from unknown(f"contacts.{key}.states", contact.states, case.states if case else (), "state")
    for key, slip in pack.slips.items():
        yield from unknown(f"slips.{key}.clocks", slip.clocks, pack.clocks, "clock")
        yield from unknown(f"slips.{key}.numbering", [slip.numbering], pack.numbering, "numbering")
    for key, fine in pack.fines.items():
        yield from unknown(f"fines.{key}.clocks", fine.clocks, pack.clocks, "clock")
        named = (fine.calculation,) if fine.calculation else ()
        yield from unknown(f"fines.{key}.calculation", named, pack.calculations, "calculation")
    for key, task in pack.tasks.items():
        yield from unknown(f"tasks.{key}.report", [task.report], pack.reports, "report")
        yield from unknown(f"tasks.{key}.forms", [task.forms], pack.cases, "case register")
    for section in ("limits", "calculations"):
        for key, formula in getattr(pack, section).items():
            yield from unknown(f"{section}.{key}.uses", formula.uses, pack.parameters, "parameter")


def _patterns(pack: Pack) -> Found:
    for key, numbering in pack.numbering.items():
        yield from _places(f"numbering.{key}.pattern", numbering.pattern, IN_NUMBERS)
        yield from unknown(f"numbering.{key}.counts_with", [numbering.counts_with], pack.numbering, "numbering")
        counted = "{case}" not in numbering.pattern or "{seq" in numbering.pattern
        if numbering.pattern.count("{seq") != (counted and "{random" not in numbering.pattern):
            yield f"numbering.{key}.pattern", _("{seq} stands in a number exactly once")


def _places(path: str, pattern: str, known: Container[str]) -> Found:
    yield from unknown(path, re.findall(r"\{([^}]*)\}", pattern), known, "placeholder")


def _tiers(pack: Pack) -> Found:
    for key, tier in pack.tiers.items():
        path = f"tiers.{key}"
        if bool(tier.fact) != bool(tier.bands):
            yield path, _("bands and the number they look at go together")
        named = [*(band.tier for band in tier.bands or ()), *(test.tier for test in tier.criteria), tier.default]
        yield from unknown(path, named, tier.classes, "class")
        yield from unknown(f"{path}.joint", tier.joint, {test.tier for test in tier.criteria}, "class")
        if tier.keeps:
            case = pack.cases.get(tier.keeps.register_)
            yield from unknown(f"{path}.keeps.register", [tier.keeps.register_], pack.cases, "case register")
            yield from unknown(f"{path}.keeps.moves", tier.keeps.moves, case.moves if case else (), "move")


def _shields(pack: Pack) -> Found:
    for key, shield in pack.shields.items():
        path, case = f"shields.{key}", pack.cases.get(shield.register_)
        yield from unknown(f"{path}.register", [shield.register_], pack.cases, "case register")
        for place, viewer in enumerate(shield.seen_by):
            yield from unknown(f"{path}.seen_by.{place}", viewer.posts, pack.posts, "post")
            yield from unknown(f"{path}.seen_by.{place}", viewer.states, case.states if case else (), "state")
