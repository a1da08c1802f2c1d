"""Keys of programs: ``Authorization: Bearer kz_…`` speaks for an account, and only within the key's scopes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from flask import current_app, g, request
from flask_appbuilder.security.sqla.models import User
from flask_babel import gettext as _

from app.core.access import Access
from app.core.errors import Forbidden, Refusal
from app.core.register import ACTIONS, registers
from app.core.screen import DescribedApi
from app.core.words import ACTION_WORDS

START = "kz_"
EVERY = "*"


class WrongKey(Refusal):
    """A key that does not exist, has ended, or whose account is closed."""

    status = 401


@dataclass(frozen=True)
class ProgramKey:
    """The key behind a request; ``scopes`` maps a register, or ``*`` for every register, to actions."""

    id: int
    name: str
    account_id: int
    scopes: Mapping[str, frozenset[str]]

    def opens(self, slug: str, action: str) -> bool:
        """Whether the scopes hold this action on the register; what the account may do is asked besides."""
        return action in self.scopes.get(slug, ()) or action in self.scopes.get(EVERY, ())

    def narrowed(self, held: Access) -> Access:
        """What the account may do, cut down to the scopes; the rows within reach stay the same."""
        grants = {pair: held.reaches(*pair) for pair in self._pairs(held)}
        return Access(held.user_id, held.employee_id, False, grants, held.posts, held.name, held.barred)

    def _pairs(self, held: Access) -> Iterator[tuple[str, str]]:
        all_of_them = ((slug, action) for slug in registers() for action in ACTIONS)
        yield from (pair for pair in (all_of_them if held.everything else held.grants) if self.opens(*pair))

    def refusal(self, slug: str, action: str) -> str:
        """The sentence for a call that the scopes do not hold."""
        register = registers().get(slug)
        return _(
            "The API key “%(key)s” does not let you %(action)s “%(register)s” (scope %(scope)s).",
            key=self.name, action=str(ACTION_WORDS.get(action, action)), scope=f"{slug}:{action}",
            register=register.label if register else slug,
        )  # fmt: skip


Read = Callable[[str], ProgramKey]
_read: Read | None = None


def set_reader(read: Read) -> None:
    """Tell core who knows the keys; ``read(text)`` also makes ``g.account`` and raises ``Refusal``."""
    global _read
    _read = read


def given() -> str:
    """The key that the request brings; empty when it brings none."""
    text = request.headers.get("Authorization", "")[7:].strip()
    return text if text.startswith(START) else ""


def user_of(text: str) -> User | None:
    """The account a key speaks for; raises ``WrongKey`` or ``LockedOut``."""
    if _read is None or g.get("key_asked"):  # whoever notes a wrong key asks again who is acting
        return None
    g.key_asked = True
    g.program_key = _read(text)
    user: User = g.account.user
    return user


def admit() -> None:
    """Refuse a request by key that the key's scopes do not hold, or that is no call of the REST side."""
    key, endpoint = g.get("program_key"), request.endpoint or ""
    view = _views().get(endpoint.partition(".")[0])
    method = endpoint.rpartition(".")[2]
    if key is None or view is None or getattr(getattr(view, method, None), "is_public", False):
        return
    if not isinstance(view, DescribedApi):
        raise Forbidden(_("An API key opens the addresses under /api/v1/ only."))
    if method in view.keys_need and view.keys_need[method] is None:
        return
    need = view.keys_need.get(method) or (view.class_permission_name, view.method_permission_name.get(method, method))
    if need[0] not in registers():
        raise Forbidden(_("No API key does this: it is left to people who have signed in."))
    if not key.opens(*need):
        raise Forbidden(key.refusal(*need))


def _views() -> dict[str, Any]:
    known: dict[str, Any] = current_app.extensions.setdefault("kezhi_views", {})
    if not known:
        builder: Any = current_app.extensions["appbuilder"]
        known |= {type(view).__name__: view for view in builder.baseviews}
    return known
