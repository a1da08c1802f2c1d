"""Changing a policy: some of its values in a form, or all of it as text; either way a draft with a new number."""

from __future__ import annotations

import copy
import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from itertools import pairwise
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.core import access, actor, clock
from app.core.db import session
from app.core.errors import Problem, Refusal
from app.core.wording import N_
from app.engines.audit import operations as audit
from app.engines.notifications import operations as notifications
from app.engines.people import operations as people
from app.engines.policy import checking, versions
from app.engines.policy.models import DRAFT, RETIRED, PackVersion
from app.engines.policy.reading.words import Wording
from app.packs import schema, text
from app.packs.entries import Parameter
from app.packs.schema import Pack, PackError
from app.packs.values import read_value

DRAFTED = N_("Drafted from version %(base)s: %(reason)s")
WAITS = N_("Draft version %(version)s of policy %(code)s waits for your approval.")
DISCARDED = N_("Draft given up: %(reason)s")
LONGEST = 1_000_000


@dataclass(frozen=True)
class Value:
    """One value of a pack that a form may change; ``paths`` are all places where it stands."""

    name: str
    section: Any
    label: Any
    text: str
    paths: tuple[str, ...]
    clause: str
    basis: str
    unit: Any = ""
    parameter: Parameter | None = None
    hint: Any = ""

    def check(self, written: str) -> str:
        """The text to keep; raises ``ValueError`` with a sentence."""
        written = written.strip().replace("，", "").replace(",", "")
        if self.parameter is not None:
            read_value(self.parameter, written)
            return written
        try:
            number = Decimal(written)
        except InvalidOperation:
            raise ValueError(_l("A number is expected.")) from None
        if not number.is_finite() or number < 0:
            raise ValueError(_l("Not below %(limit)s.", limit=0))
        return written


# -- what a form may change ------------------------------------------------------------------------------------------


def editable(pack: Pack) -> list[Value]:
    """The single values of a pack, in its order: settings, times, bounds of authority and of classes."""
    found = (*_parameters(pack), *_times(pack), *_bounds(pack))
    return [replace(value, name=f"v{number}") for number, value in enumerate(found, start=1)]


def _parameters(pack: Pack) -> Iterator[Value]:
    for key, p in pack.parameters.items():
        path = f"parameters.{key}.value"
        yield Value("", _l("Settings"), p.label, p.value, (path,), p.clause, p.basis, p.unit or "", p)


def _times(pack: Pack) -> Iterator[Value]:
    words = Wording(pack, str)
    for key, spec in pack.clocks.items():
        for place, one in enumerate(spec.allowances):
            when = words.conditions(spec.register_, one.when)
            said = _("%(label)s (%(when)s)", label=spec.label, when=when) if when else spec.label
            path = f"clocks.{key}.allowances.{place}.number"
            yield from _number(_l("Time limits"), said, one.number, path, one.clause, one.basis, words.unit(one.unit))
    for key, task in pack.tasks.items():
        path, due = f"tasks.{key}.due.number", task.due
        unit = words.unit(due.unit)
        yield from _number(_l("Recurring work"), task.label, due.number, path, task.clause, task.basis, unit)


def _number(section: Any, label: Any, number: Any, path: str, clause: str, basis: str, unit: Any) -> Iterator[Value]:
    """A number that stands there itself; one that a setting gives is changed in the setting."""
    if isinstance(number, Decimal):
        yield Value("", section, label, str(number), (path,), clause, basis, unit)


def _bounds(pack: Pack) -> Iterator[Value]:
    for key, table in pack.authority.items():
        labels = [pack.posts[band.post].label for band in table.bands]
        yield from _seams(_l("Authority by amount"), f"authority.{key}.bands", table.bands, labels)
    for key, tier in pack.tiers.items():
        bands = tier.bands or ()
        yield from _seams(tier.label, f"tiers.{key}.bands", bands, [tier.classes[band.tier] for band in bands])


def _seams(section: Any, path: str, bands: Any, labels: list[Any]) -> Iterator[Value]:
    """The bound between two bands is one value in two places."""
    for place, (band, after) in enumerate(pairwise(bands)):
        upper = "up_to" if band.up_to is not None else "below"
        lower = "above" if after.above is not None else "start"
        paths = (f"{path}.{place}.{upper}", f"{path}.{place + 1}.{lower}")
        said = _l("up to") if upper == "up_to" else _l("below")
        yield Value("", section, labels[place], str(band.upper), paths, band.clause, band.basis, hint=said)


# -- drafts ----------------------------------------------------------------------------------------------------------


def as_text(base: PackVersion) -> str:
    """The text of a version as the start of the next one."""
    return text.write_text({**base.content, "version": str(versions.next_number(base.code))})


def draft_values(base: PackVersion, written: Mapping[str, str], reason: str) -> PackVersion:
    """A draft with other values than ``base``, by the names of ``editable``; raises ``Refusal`` with every fault."""
    _may_draft()
    pack = versions.pack_for(base.id)
    content: dict[str, Any] = copy.deepcopy(dict(base.content))
    problems, changed = [], 0
    for value in editable(pack):
        given = written.get(value.name, value.text)
        try:
            kept = value.check(given)
        except ValueError as error:
            text_ = _("%(field)s: %(why)s", field=value.label, why=error.args[0])
            problems.append(Problem(text_, value.name, "value", value.clause))
            continue
        if kept != value.text:
            changed += 1
            for path in value.paths:
                _put(content, path, kept)
    if not changed and not problems:
        problems.append(Problem(_("Nothing differs from version %(version)s.", version=base.version), None, "same"))
    Refusal.when([*problems, *_reasonless(reason)])
    content |= {"version": str(versions.next_number(base.code)), "effective": clock.today().isoformat()}
    return _keep(base, text.write_text(content), reason)


def draft_text(base: PackVersion, written: str, reason: str) -> PackVersion:
    """A draft out of a whole text; raises ``Refusal`` with every fault and its path."""
    _may_draft()
    Refusal.when(_reasonless(reason))
    return _keep(base, written, reason)


def _keep(base: PackVersion, written: str, reason: str) -> PackVersion:
    Refusal.when(_unfit(base.code, written))
    made = versions.draft(written)
    audit.note(made, "act", DRAFTED, {"base": base.version, "reason": reason.strip()})
    _tell_approvers(made)
    return made


def _tell_approvers(made: PackVersion) -> None:
    """Let whoever may approve the draft know that it waits."""
    posts, clause = versions.approvers(made)
    seats = {seat.employee_id for seat in people.holders_many(posts)} - {access.current().employee_id}
    said = {"code": made.code, "version": made.version}
    url = f"/policy/{made.code}/compare?new={made.version}"
    notifications.notify(f"policy.draft:{made.id}", sorted(seats), WAITS, said, url, clause or "")


def _unfit(code: str, written: str) -> Iterator[Problem]:
    """What only the policy and the program show: another policy's text, names that the program does not have."""
    if len(written) > LONGEST:
        yield Problem(_("The text is longer than a policy can be."), "text", "size")
        return
    try:
        pack = schema.build(schema.parse(written))
    except PackError as error:
        yield from (Problem(str(fault), fault.path or "text", "pack") for fault in error.faults)
        return
    if pack.code != code:
        yield Problem(_("This is the text of policy %(code)s.", code=pack.code), "code", "code")
    for fault in checking.misfits(pack):
        yield Problem(str(fault), fault.path, "program")


def _put(content: dict[str, Any], path: str, value: str) -> None:
    *way, last = path.split(".")
    place: Any = content
    for step in way:
        place = place[int(step) if isinstance(place, list) else step]
    place[last] = value


def _may_draft() -> None:
    access.require("pack_version", "write")


def _reasonless(reason: str) -> Iterator[Problem]:
    if not reason.strip():
        yield Problem(_("Please give the reason."), "reason", "required")


def discard(version: PackVersion, reason: str) -> None:
    """Give up a draft: it stays to be read and can no longer be approved."""
    _may_draft()
    session.refresh(version, with_for_update=True)
    if version.status != DRAFT:
        raise Refusal(Problem(_("Only a draft can be given up."), "status", "state"))
    Refusal.when(_reasonless(reason))
    version.status = RETIRED
    audit.note(version, "act", DISCARDED, {"reason": reason.strip()})
    session.flush()


def is_mine(version: PackVersion) -> bool:
    """Whether the person wrote the draft, and so may not approve it."""
    return version.created_by_id is not None and version.created_by_id == actor.user_id()


def proposed_day(version: PackVersion) -> dt.date:
    """The day from which a draft would be in force: the one it names, today at the earliest."""
    return max(version.effective_from, clock.today())
