"""Whether a pack fits the program: every register, field, guard and effect that it names exists."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

from flask_babel import gettext as _

from app.core import moves
from app.core.fieldspec import FieldSpec
from app.core.register import registers
from app.core.whole import fields_of
from app.engines.policy import checking_reports as reports
from app.engines.policy.coverage import Coverage
from app.packs.cases import Case
from app.packs.entries import Approval, Authority, Clock, Tier
from app.packs.schema import Fault, Pack

Fields = Mapping[str, FieldSpec]
Part = Callable[[Pack], Iterable[tuple[str, str]]]
_others: list[Part] = []


def also(part: Part) -> Part:
    """Let another engine look at the sections of a pack that it knows; it yields path and message of each fault."""
    if part not in _others:
        _others.append(part)
    return part


def misfits(pack: Pack) -> list[Fault]:
    """Everything that the pack names and the program does not have."""
    parts = (_registers, _copies, _formulas, _shields, _viewing, _forms, _procedures, _contacts)
    found = [fault for part in parts for fault in part(pack)]
    found += [Fault(path, message) for part in _others for path, message in part(pack)]
    for slug, case in pack.cases.items():
        if slug in registers():
            detail = case.detail if case.detail and case.detail in registers() else ""
            fields = fields_of(registers()[slug], detail)
            found += _unused(f"cases.{slug}", case, slug, fields)
            found += [*_case(f"cases.{slug}", case, fields), *_elsewhere(pack, slug, fields)]
            found += _tiers(pack, slug, fields)
    return [*found, *reports.misfits(pack)]


def _registers(pack: Pack) -> Iterator[Fault]:
    for slug, case in pack.cases.items():
        if slug not in registers() or not registers()[slug].from_pack:
            yield Fault(f"cases.{slug}", _("there is no register of cases with this name"))
        if case.detail and case.detail not in registers():
            yield Fault(f"cases.{slug}.detail", _("there is no register “%(name)s”", name=case.detail))
    for section in ("numbering", "slips", "prints", "approvals", "conduct"):
        for key, entry in getattr(pack, section).items():
            if entry.register_ not in registers():
                yield Fault(f"{section}.{key}.register", _("there is no register “%(name)s”", name=entry.register_))
            elif section == "numbering":
                detail = pack.cases[entry.register_].detail if entry.register_ in pack.cases else None
                known = fields_of(registers()[entry.register_], detail if detail and detail in registers() else "")
                yield from _unknown(f"numbering.{key}.field", [entry.field, entry.unit_field], known)


def _unknown(path: str, names: Iterable[str], fields: Fields) -> Iterator[Fault]:
    for name in names:
        if name and name not in fields:
            yield Fault(path, _("there is no field “%(name)s”", name=name))


def _typed(path: str, names: Iterable[str], fields: Fields) -> Iterator[Fault]:
    """Fields that a person is to write."""
    for name in names:
        yield from _unknown(path, [name], fields)
        if name in fields and fields[name].computed:
            yield Fault(path, _("“%(name)s” is computed, nobody writes it", name=name))


def _case(path: str, case: Case, fields: Fields) -> Iterator[Fault]:
    for key, state in case.states.items():
        yield from _typed(f"{path}.states.{key}.editable", state.editable, fields)
        if state.holder:
            yield from _unknown(f"{path}.states.{key}.holder", [state.holder.unit_field], fields)
    for key, move in case.moves.items():
        here = f"{path}.moves.{key}"
        yield from _typed(f"{here}.writes", move.writes, fields)
        yield from _unknown(here, (*move.requires, *move.when, *move.sets, move.post_field), fields)
        for named, known in zip((move.guards, move.effects), moves.known_names(), strict=True):
            unknown = (name for name in named if name not in known)
            yield from (Fault(here, _("there is no function “%(name)s”", name=name)) for name in unknown)
    for key, rule in case.rules.items():
        yield from _unknown(f"{path}.rules.{key}", (key, *rule.required_when, *rule.empty_when), fields)
    yield from _offered(f"{path}.offers", case, fields)
    yield from _unknown(f"{path}.opinions", case.opinions, fields)
    for slug, line in case.lines.items():
        own = registers()[slug].fields if slug in registers() and registers()[slug].parent else {}
        yield from _typed(f"{path}.lines.{slug}", line.opinions, own)
    if case.new_form:
        yield from _unknown(f"{path}.new_form", (*case.new_form.copies, *case.new_form.same), fields)


def _offered(path: str, case: Case, fields: Fields) -> Iterator[Fault]:
    """Choices that a policy knows are choices of the field."""
    yield from _unknown(path, case.offers, fields)
    for name, offered in case.offers.items():
        strange = [key for key in offered if name in fields and key not in fields[name].choices]
        yield from (Fault(path, _("there is no choice “%(name)s”", name=key)) for key in strange)


def _unused(path: str, case: Case, slug: str, fields: Fields) -> Iterator[Fault]:
    """Fields and lines that are said not to be used: they exist, and nothing of the case writes them."""
    lines = {entry.partition(".")[0] for entry in registers()[slug].lines}
    yield from _unknown(f"{path}.unused", (name for name in case.unused if name not in lines), fields)
    written = {name for state in case.states.values() for name in state.editable}
    written |= {name for move in case.moves.values() for name in (*move.requires, *move.writes)}
    for name in sorted(written & set(case.unused)):
        yield Fault(f"{path}.unused", _("“%(name)s” is written by a step or state", name=name))


def _elsewhere(pack: Pack, slug: str, fields: Fields) -> Iterator[Fault]:
    for key, clock in pack.clocks.items():
        if clock.register_ == slug:
            yield from _unknown(f"clocks.{key}", _clock_fields(clock), fields)
    for key, route in pack.approvals.items():
        if route.register_ == slug:
            yield from _unknown(f"approvals.{key}", _route_fields(route), fields)
    for key, table in pack.authority.items():
        if table.register_ == slug:
            yield from _unknown(f"authority.{key}", _table_fields(table), fields)


def _clock_fields(clock: Clock) -> Iterator[str]:
    yield from (clock.from_field, clock.due_field, *clock.start.becomes, *(clock.stop.becomes if clock.stop else ()))
    for allowance in clock.allowances:
        yield from (allowance.until_field, *allowance.when)


def _tiers(pack: Pack, slug: str, fields: Fields) -> Iterator[Fault]:
    for key, tier in pack.tiers.items():
        if tier.keeps and tier.keeps.register_ == slug:
            yield from _unknown(f"tiers.{key}", _tier_fields(tier), fields)


def _tier_fields(tier: Tier) -> Iterator[str]:
    if tier.keeps:
        yield from (tier.keeps.field, tier.keeps.tests_field, tier.keeps.since_field)
    for test in tier.criteria:
        yield from test.facts


def _copies(pack: Pack) -> Iterator[Fault]:
    for key, form in pack.prints.items():
        if form.register_ in registers():
            names = (copy.unit_field for copy in form.copies)
            yield from _unknown(f"prints.{key}", names, _fields(pack, form.register_))


def _forms(pack: Pack) -> Iterator[Fault]:
    """Fields that the forms of rounds do not have."""
    for slug, case in pack.cases.items():
        rounds, here = case.rounds, f"cases.{slug}.rounds"
        if rounds and {slug, rounds.register_} <= set(registers()):
            yield from _unknown(here, (*rounds.fills.values(), *rounds.clears), _fields(pack, slug))
            yield from _unknown(f"{here}.fills", rounds.fills, _fields(pack, rounds.register_))


def _procedures(pack: Pack) -> Iterator[Fault]:
    """Fields that the steps of procedures take from their case, and steps that their register does not know."""
    for slug, case in pack.cases.items():
        for key, procedure in case.procedures.items():
            here = f"cases.{slug}.procedures.{key}"
            if not {slug, procedure.register_} <= set(registers()):
                continue
            taken = (name for step in procedure.steps for name in (step.at_field, step.by_field, step.text_field))
            yield from _unknown(here, (*procedure.when, *filter(None, taken)), _fields(pack, slug))
            named = _fields(pack, procedure.register_).get("kind")
            keys = {step.key for step in procedure.steps}
            for name in sorted(keys - set(named.choices if named else ())):
                yield Fault(here, _("there is no %(what)s “%(name)s”", what=_("step"), name=name))


def _fields(pack: Pack, slug: str) -> Fields:
    """The fields of a register and of the detail register that the pack adds."""
    detail = pack.cases[slug].detail if slug in pack.cases else None
    return fields_of(registers()[slug], detail if detail and detail in registers() else "")


def _shields(pack: Pack) -> Iterator[Fault]:
    for key, shield in pack.shields.items():
        identity = registers().get(shield.identity or "")
        if shield.identity and (identity is None or not identity.sealed):
            yield Fault(f"shields.{key}.identity", _("there is no sealed register “%(name)s”", name=shield.identity))
        if shield.register_ in registers() and shield.register_ in pack.cases:
            fields = fields_of(registers()[shield.register_], pack.cases[shield.register_].detail or "")
            named = (*shield.people, *shield.units, *(viewer.field for viewer in shield.seen_by))
            yield from _unknown(f"shields.{key}", named, fields)


def _viewing(pack: Pack) -> Iterator[Fault]:
    """Registers that are not watched, and fields of requests that there are not."""
    for key, viewing in pack.viewing.items():
        watched = registers().get(viewing.register_)
        if watched is None or not watched.watched:
            text = _("there is no watched register “%(name)s”", name=viewing.register_)
            yield Fault(f"viewing.{key}.register", text)
        elif viewing.register_ in pack.cases:
            named = (viewer.field for viewer in viewing.seen_by)
            yield from _unknown(f"viewing.{key}", named, _fields(pack, viewing.register_))
        asking = viewing.requests
        if asking and asking.register_ in registers():
            columns = [getattr(asking, f"{name}_field") for name in ("of", "by", "from", "to", "number", "export")]
            yield from _unknown(f"viewing.{key}.requests", columns, registers()[asking.register_].fields)


def _contacts(pack: Pack) -> Iterator[Fault]:
    """Fields of cases, and of the log of attempts, that rules of contact name."""
    for key, rule in pack.contacts.items():
        for slug in filter(None, (rule.log, rule.windows)):
            if slug not in registers():
                yield Fault(f"contacts.{key}", _("there is no register “%(name)s”", name=slug))
        if rule.log in registers():
            names = (rule.case_field, rule.at_field, rule.outcome_field, *rule.only)
            yield from _unknown(f"contacts.{key}.log", names, registers()[rule.log].fields)
        if rule.register_ in registers() and rule.register_ in pack.cases:
            detail = pack.cases[rule.register_].detail or ""
            known = fields_of(registers()[rule.register_], detail if detail in registers() else "")
            kept = (rule.from_field, rule.until_field, rule.tried_field, rule.reached_field)
            yield from _unknown(f"contacts.{key}", kept, known)


def _table_fields(table: Authority) -> Iterator[str]:
    yield from (*table.amounts, table.amount_field, table.post_field, table.previous_field)


def _route_fields(route: Approval) -> Iterator[str]:
    yield from (*route.when, *(route.recusal.fields if route.recusal else ()))
    for station in route.stations:
        yield from (station.unit_field, *station.when)


def _formulas(pack: Pack) -> Iterator[Fault]:
    """Inputs of formulas that are neither fields of their register nor figures of a class."""
    figures = {name for tier in pack.tiers.values() for band in tier.bands or () for name in band.figures}
    figures |= set(pack.credit.facts if pack.credit else ())
    for section in ("limits", "calculations"):
        for key, formula in getattr(pack, section).items():
            known = registers().get(formula.applies_to)
            if known is not None:
                names = [name for name in formula.inputs if name not in figures]
                yield from _unknown(f"{section}.{key}.inputs", names, _fields(pack, formula.applies_to))


def homeless(coverage: Coverage, pack: Pack) -> list[Fault]:
    """Homes of a policy's coverage that lead nowhere: no path in the pack, no register."""
    return [
        Fault(f"{item.kind} {item.key}", _("there is no “%(name)s”", name=item.home))
        for item in coverage.items
        if item.home and item.home not in registers() and not _leads(pack, item.home)
    ]


def _leads(pack: Pack, path: str) -> bool:
    place: object = pack
    for part in path.split("."):
        place = place.get(part) if isinstance(place, Mapping) else getattr(place, part, None)
        if place is None:
            return False
    return "." in path
