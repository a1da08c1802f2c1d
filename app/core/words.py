"""Sentences that several modules say about who may do what."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.core.errors import Problem
from app.core.lifecycle import Lifecycle, Move
from app.core.register import Register, registers
from app.core.wording import listed

CLAUSES = re.compile("[;；]")
ACTION_WORDS: dict[str, Any] = {
    "read": _l("look at"),
    "write": _l("change"),
    "move": _l("move"),
    "approve": _l("decide on"),
    "reveal": _l("unmask personal data of"),
    "export": _l("export"),
    "import": _l("import rows into"),
    "print": _l("print"),
}
_post_labels: dict[str, Any] = {}
_entry_labels: dict[str, Any] = {}
_states: dict[str, dict[str, dict[str, Any]]] = {}
_clauses: dict[str, dict[str, str]] = {}
_cases: dict[str, set[str]] = {}


def name_posts(labels: dict[str, Any]) -> None:
    """Tell core how posts are called; called by the policy engine for every pack."""
    _post_labels.update(labels)


def post_label(code: str) -> str:
    """A post as people call it."""
    return str(_post_labels.get(code, code))


def name_entries(labels: dict[str, Any]) -> None:
    """Tell core how clocks, tasks and slips are called; called by the policy engine for every pack."""
    _entry_labels.update(labels)


def entry_label(key: str) -> str:
    """A clock, a recurring task or a slip as people call it."""
    return str(_entry_labels.get(key, key))


def name_states(policy: str, states: Mapping[str, Mapping[str, Any]]) -> None:
    """Tell core how a policy calls the states of its cases, by register; called by the policy engine for every pack."""
    for slug, labels in states.items():
        _states.setdefault(slug, {})[policy] = dict(labels)


def state_label(register: Register, key: str) -> str:
    """A state of a register as people call it; where policies differ, by all its names."""
    if register.lifecycle is not None:
        known = [register.lifecycle.states[key].label] if key in register.lifecycle.states else []
    else:
        known = [labels[key] for labels in _states.get(register.slug, {}).values() if key in labels]
    return " / ".join(dict.fromkeys(map(str, known))) or key


def name_cases(policy: str, slugs: Iterable[str]) -> None:
    """Tell core which registers a policy names; called by the policy engine for every pack."""
    _cases.setdefault(policy, set()).update(slugs)


def strange_to(posts: Iterable[str]) -> set[str]:
    """The registers that only policies without any of these posts name; to whoever has no posts nothing is strange."""
    policies = {post.partition(".")[0] for post in posts}
    if not policies or not policies <= _cases.keys():
        return set()
    return set().union(*_cases.values()).difference(*(_cases[policy] for policy in policies))


def name_clauses(page: str, clauses: Mapping[str, str], own: Collection[str]) -> None:
    """Tell core which clause of a policy (``E01/1``) says what the program cites by the policy it was made for first.

    ``own`` are the clauses that the policy itself cites.
    """
    _clauses[page] = {part: part for clause in own for part in (clause, *clauses_in(clause))} | dict(clauses)


def clauses_in(clause: str) -> list[str]:
    """The clauses that one text names, parted by semicolons."""
    return [part.strip() for part in CLAUSES.split(clause) if part.strip()]


def cited(page: str, clause: str | None) -> str:
    """A clause as the policy of a page numbers it; empty when that policy has nothing of the kind."""
    known = _clauses.get(page)
    if known is None or not clause:
        return clause or ""
    return known.get(clause) or "; ".join(dict.fromkeys(known[part] for part in clauses_in(clause) if part in known))


def cite(problems: Iterable[Problem], page: str) -> Iterator[Problem]:
    """The same problems, each with the clause of the policy that the row stands under."""
    for problem in problems:
        yield replace(problem, clause=cited(page, problem.clause) or None) if problem.clause else problem


def forbidden(slug: str, action: str) -> str:
    """Why a whole register is closed to the person."""
    return _(
        "Your roles do not let you %(action)s “%(register)s”.",
        action=str(ACTION_WORDS.get(action, action)), register=str(registers()[slug].label),
    )


def wrong_post(life: Lifecycle, codes: list[str], move: Move) -> str:
    """Who may make the move, instead of the person who tried."""
    posts = listed(post_label(f"{life.policy}.{post}") for post in codes)
    return _("“%(move)s” is for: %(posts)s.", move=str(move.label), posts=posts or _("the system"))
