"""What a household was honoured for, written into its file; and what its resident may see."""

from __future__ import annotations

from typing import Any

from app.areas.customers.household import household_of
from app.core import moves
from app.core.moves import Moved, effect
from app.core.scope import call_in


@effect("praise_household")
def praise_household(moved: Moved) -> None:
    """The file of a household says that a suggestion of its was praised."""
    opinion: Any = moved.record
    if opinion.praised and (home := household_of(opinion.customer_id)) is not None:
        _write(home, praised=True)


@effect("name_civilised")
def name_civilised(moved: Moved) -> None:
    """The file of a household names the years in which it was selected."""
    home, year = household_of(moved.whole.get("customer_id")), moved.whole.get("year")
    if home is None or not year:
        return
    years = sorted({*(home.civilised_years or "").split(), str(year)})
    _write(home, civilised_years=" ".join(years))


@effect("show_to_resident")
def show_to_resident(moved: Moved) -> None:
    """A resident who signs in sees what concerns the own household."""
    home = household_of(moved.whole.get("customer_id"))
    if home is not None and home.resident_id is not None:
        call_in(moved.register.slug, moved.record.id, home.resident_id)


def _write(home: Any, **facts: Any) -> None:
    whole = moves.whole_of(home)
    whole.update(facts)
    whole.save()
