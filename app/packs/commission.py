"""How the commission of a deal is shared: who gets how much of the total, by source and way of payment."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field

from app.packs.types import Basis, Filled, Key, Names, Number, Part


class Share(Part):
    """What one side gets, in per cent of the total by way of payment; several people share it equally.

    ``consultant``, ``developer``: the person whom the deal names; ``participants``: those of its outing; ``pool``:
    everybody who holds a post of the pool on the day of signing.
    """

    to: Literal["consultant", "developer", "participants", "pool"]
    rates: Mapping[Key, Number]
    clause: Filled
    basis: Basis


class Commission(Part):
    """The posts that share the pool, and the shares of each source of a deal."""

    pool: Annotated[Names, Field(min_length=1)]
    sources: Mapping[Key, Annotated[tuple[Share, ...], Field(min_length=1)]]
    clause: Filled
    basis: Basis
