"""Credit: what of a customer's documents counts as used, the ways a document may be let go, and the facts behind."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import Field, PlainValidator

from app.packs.types import Entry, Key, Names, Nothing, Number, Part, Ref, Table, Text, When


def _argument(value: Any) -> Any:
    """A word, a list of words, or the value of a parameter written ``$key``."""
    if isinstance(value, list | tuple):
        return tuple(map(str, value))
    if isinstance(value, str) and value.startswith("$"):
        return Ref(value[1:])
    return str(value)


Argument = Annotated[Any, PlainValidator(_argument)]


class Fact(Entry):
    """Something to know of a customer on a day: a ``function`` of the program with its arguments.

    ``pick`` takes one of several values that the function finds together. ``own``: of the customer of the document
    alone, whatever group it belongs to.
    """

    label: Text
    type: Literal["money", "integer", "flag", "choice", "text"]
    choices: Mapping[Key, Text] = Nothing
    function: Key
    arguments: Mapping[Key, Argument] = Nothing
    pick: Key | None = None
    own: bool = False


class UsedPart(Part):
    """A part of what is used: documents in these states, with what is not yet settled of them.

    ``when`` narrows it by the document's own fields; the parts of a document share no row.
    """

    label: Text
    states: Names = Field(min_length=1)
    when: When = Nothing


class Bar(Entry):
    """What stops a document whatever its limit, while ``when`` holds and not ``unless``.

    Only the ways in ``lifted_by`` pass it. ``shows`` is a fact that its sentence names; ``at_save``: such a document
    is not even written down.
    """

    label: Text
    when: When = Nothing
    unless: When = Nothing
    shows: Key | None = None
    lifted_by: Names = ()
    at_save: bool = False


class Route(Entry):
    """A way to let a document go; the first that fits counts.

    ``when`` asks facts, classes and fields; ``needs`` are fields that must be filled. What is asked for is what is used
    and the document together (``total``), or the ``document`` alone, counted ``times``; it is at most the ``limit``, or
    ``strict``: below it. Without a ``limit`` whoever approves sets the bound. A hold of the customer stops every route
    that is not ``despite_hold``.

    ``moves`` are the checks by which the route is taken, all when none is named. ``keeps_excess``: at a later check no
    more may be above the limit than when it was asked for.
    """

    label: Text
    when: When = Nothing
    needs: Names = ()
    moves: Names = ()
    limit: Key | None = None
    counts: Literal["total", "document"] = "total"
    times: Number | None = None
    strict: bool = False
    despite_hold: bool = False
    keeps_excess: bool = False


class Snapshot(Part):
    """The fields of a document that keep what its check found."""

    limit: str = ""
    used: str = ""
    excess: str = ""
    granted: str = ""
    at: str = ""
    verdict: str = ""


class Document(Entry):
    """A register whose rows use credit: ``amount_field`` less ``less_fields``, in the states of the ``parts``.

    ``checks`` are the moves that look for a route and write it to ``route_field``; at ``rechecks`` the route found
    earlier must still fit. What was granted up to an amount is not stopped again below it.
    """

    label: Text
    customer_field: Key
    amount_field: Key
    less_fields: Names = ()
    date_field: Key
    parts: Mapping[Key, UsedPart] = Field(min_length=1)
    checks: Names = Field(min_length=1)
    rechecks: Names = ()
    route_field: Key
    snapshot: Snapshot = Snapshot()
    bars: Table[Bar] = Nothing
    routes: Table[Route] = Field(min_length=1)


class Locks(Part):
    """Moves of a register that change what is used without using more, such as the entry of a receipt."""

    customer_field: Key
    moves: Names = Field(min_length=1)


class Closing(Entry):
    """What closes the books of a customer: rows in some ``states``, up to their day or for their year.

    ``unless`` leaves out rows of which it holds, such as those whose run has not come yet.
    """

    label: Text
    register_: Annotated[Key, Field(alias="register")]
    customer_field: Key
    day_field: Key | None = None
    year_field: Key | None = None
    states: Names = Field(min_length=1)
    unless: When = Nothing


class Dated(Part):
    """The fields of a register whose day lies in no closed period, and the moves by which each comes to count."""

    customer_field: Key
    fields: Mapping[Key, Names] = Field(min_length=1)


class Cap(Entry):
    """A bound of the whole company: the sum of an amount over rows in some states, looked at after ``moves``.

    With ``highest_per`` rows follow one another for each value of that field, and its highest one counts.
    """

    label: Text
    register_: Annotated[Key, Field(alias="register")]
    amount_field: Key
    states: Names = Field(min_length=1)
    moves: Names = Field(min_length=1)
    limit: Key
    highest_per: Key | None = None


class Credit(Part):
    """The credit of a policy; ``party`` is the register of the customers."""

    party: Key
    facts: Table[Fact] = Nothing
    documents: Table[Document] = Nothing
    locks: Mapping[Key, Locks] = Nothing
    closings: Table[Closing] = Nothing
    dated: Mapping[Key, Dated] = Nothing
    caps: Table[Cap] = Nothing
