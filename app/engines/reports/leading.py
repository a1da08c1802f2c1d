"""The list of a register that shows exactly the rows of a figure, where its filters can say which these are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from app.core import access, pages, query
from app.core.register import Register, registers
from app.engines.reports.counting import Extent, days_of

if TYPE_CHECKING:
    from app.packs.figures import Chosen, Figures, Measure

EMPTY = "none"


def list_of(figures: Figures, extent: Extent, key: str, group: Mapping[str, Any]) -> str:
    """The address of the list behind a figure of an age, in one group; empty where no filter says the same."""
    measure = figures.measures[key]
    register = registers()[figures.register_of(measure)]
    if measure.age is None or not access.current().can(register.guarded_by, "read"):
        return ""
    try:
        asked = dict(_asked(figures, measure, register, extent, group))
    except LookupError:
        return ""
    return f"{pages.url(register, 'list')}?{urlencode(asked)}"


def _asked(
    figures: Figures, measure: Measure, register: Register, extent: Extent, group: Mapping[str, Any]
) -> Iterator[tuple[str, str]]:
    """Filters by name; raises ``LookupError`` for a condition that the list has no filter for."""
    own = [figures] if register.slug == figures.register_ else []
    for chosen in (measure, *own):
        yield from _chosen(chosen, register)
    for path, value in group.items():
        yield _filter(register, path, "empty" if value is None else "eq", "true" if value is None else value)
    assert measure.age is not None
    first, last = days_of(measure.age, extent)
    for op, day in (("gte", first), ("lte", last)):
        if day is not None:
            yield _filter(register, measure.age.of, op, day.isoformat())


def _chosen(chosen: Chosen, register: Register) -> Iterator[tuple[str, str]]:
    if chosen.unless or chosen.at_least or chosen.at_most:
        raise LookupError(register.slug)
    for path, wanted in chosen.when.items():
        if None in wanted:
            raise LookupError(path)
        yield _filter(register, path, "in", ",".join(map(str, wanted)))


def _filter(register: Register, path: str, op: str, value: Any) -> tuple[str, str]:
    spec = query.filterable(register).get(path)
    if spec is None or op not in spec.kind.ops:
        raise LookupError(path)
    return (path if op == "eq" else f"{path}__{op}"), str(value)
