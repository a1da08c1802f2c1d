"""Where engines and areas add their part to a page."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

_hooks: dict[str, list[tuple[int, Callable[..., Any]]]] = {"show": [], "list": [], "form": []}


def _hook(kind: str, function: Callable[..., Any], order: int) -> Callable[..., Any]:
    if all(known is not function for _o, known in _hooks[kind]):
        _hooks[kind].append((order, function))
        _hooks[kind].sort(key=lambda entry: entry[0])
    return function


def on_show(function: Callable[..., Any], order: int = 50) -> Callable[..., Any]:
    """Let ``function`` add clocks, tabs, timeline entries, drawers or actions to every record's page.

    One that asks for rows of columns or for names is a generator, so that all ask together: see ``core/together.py``.
    """
    return _hook("show", function, order)


def on_list(function: Callable[..., None], order: int = 50) -> Callable[..., None]:
    """Let ``function`` add columns, views or bulk actions to every list; one statement at most."""
    return _hook("list", function, order)


def on_form(function: Callable[..., None], order: int = 50) -> Callable[..., None]:
    """Let ``function`` add cards to the right rail of every form, for the values typed so far."""
    return _hook("form", function, order)


def run(kind: str, *given: Any) -> None:
    """Call the hooks of one kind of page in order."""
    for function in of(kind):
        function(*given)


def of(kind: str) -> list[Callable[..., Any]]:
    """The hooks of one kind of page in order."""
    return [function for _order, function in _hooks[kind]]


Arranger = Callable[[Any, Mapping[str, str]], "Mapping[str, str] | str"]
_arrangers: list[Arranger] = []


def arranges_lists(function: Arranger) -> Arranger:
    """Let ``function(register, args)`` add what a person set for a list, or say to which address the list leads."""
    if function not in _arrangers:
        _arrangers.append(function)
    return function


def arranged(register: Any, args: Mapping[str, str]) -> Mapping[str, str] | str:
    """What is asked of a list after everybody who arranges lists was heard; an address ends it."""
    for function in _arrangers:
        told = function(register, args)
        if isinstance(told, str):
            return told
        args = told
    return args
