"""The start-up check: nothing is served that was built past the base classes."""

from __future__ import annotations

import inspect
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from flask import Flask
from flask_appbuilder import AppBuilder
from flask_appbuilder.api import BaseApi, ModelRestApi
from flask_appbuilder.baseviews import BaseModelView, BaseView

from app.core.access import SIGNED_IN
from app.core.lifecycle import Lifecycle
from app.core.login_views import LoginView
from app.core.register import Record, Register, registers
from app.core.screen import DescribedApi, Screen
from app.core.screens import Lookup, RegisterView

FAB_VIEWS = frozenset({"UtilView", "LocaleView"})
OURS = (Screen, RegisterView, Lookup, LoginView, DescribedApi)
DANGEROUS = (
    "FAB_ADD_SECURITY_API", "FAB_API_KEY_ENABLED", "FAB_ADD_MENU_API", "FAB_API_SWAGGER_UI", "FAB_API_ALLOW_JSON_QS",
    "FAB_ADD_SECURITY_PERMISSION_VIEW", "FAB_ADD_SECURITY_VIEW_MENU_VIEW", "FAB_ADD_SECURITY_PERMISSION_VIEWS_VIEW",
    "AUTH_USER_REGISTRATION",
)


class UnsafeApp(Exception):
    """The program was put together in a way that would open a hole; it does not start."""


def refuse_unsafe(app: Flask, builder: AppBuilder) -> None:
    """Raise ``UnsafeApp`` naming everything that stands outside the base classes."""
    mappers = Record.registry.mappers
    found = [*_views(builder), *_records(mappers), *_registers(registers()), *_patterns(app), *_settings(app)]
    if found:
        raise UnsafeApp("; ".join(found))


def _views(builder: AppBuilder) -> Iterator[str]:
    for view in builder.baseviews:
        name = type(view).__name__
        if isinstance(view, BaseModelView | ModelRestApi):
            yield f"{name} is built on FAB's model views; declare a Register instead"
        elif not isinstance(view, OURS) and name not in FAB_VIEWS:
            yield f"{name} is built past Screen, ScreenApi and Register"
        if isinstance(view, BaseApi) and view.csrf_exempt:
            yield f"{name} takes a cookie without its CSRF token"
        if type(view).__name__ not in FAB_VIEWS:
            yield from _routes(view)


def _routes(view: BaseView | BaseApi) -> Iterator[str]:
    for name, method in inspect.getmembers(view, inspect.ismethod):
        unguarded = getattr(method, "_urls", None) and not hasattr(method, "_permission_name")
        if unguarded and view.class_permission_name not in SIGNED_IN and not getattr(method, "is_public", False):
            yield f"{type(view).__name__}.{name} asks for no permission"


def _records(mappers: Iterable[Any]) -> Iterator[str]:
    for mapper in mappers:
        model: Any = mapper.class_
        if issubclass(model, Record):
            if model.__tablename__ not in registers():
                yield f"{model.__name__} has no Register"
            if mapper.relationships:
                yield f"{model.__name__} has a bare relation; refer by fields.ref"


def _registers(known: Mapping[str, Register]) -> Iterator[str]:
    for slug, register in known.items():
        if not register.list:
            yield f"{slug} names no list columns"
        if strange := [name for name in register.list if name not in register.fields]:
            yield f"{slug} lists what is no field: {', '.join(strange)}"
        for target in {spec.target for spec in register.fields.values() if spec.target} - {"account"}:
            if target not in known:
                yield f"{slug} refers to an unknown register {target}"
        if register.lifecycle is not None:
            yield from _inline(register, register.lifecycle)


def _inline(register: Register, life: Lifecycle) -> Iterator[str]:
    names = register.fields
    for move in life.moves.values():
        for name in (*move.writes, *move.requires):
            if name not in names:
                yield f"{register.slug}: move {move.key} names no field {name!r}"
        for state in (*move.sources, move.target):
            if state not in life.states:
                yield f"{register.slug}: move {move.key} names no state {state!r}"


def _patterns(app: Flask) -> Iterator[str]:
    for role, pairs in app.config.get("FAB_ROLES", {}).items():
        for pattern in (part for pair in pairs for part in pair):
            if not _anchored(pattern):
                yield f"FAB_ROLES[{role!r}]: the pattern {pattern!r} is not anchored"


def _anchored(pattern: str) -> bool:
    """Whether a pattern fits whole names only: bound at both ends, and no choice reaches past the bounds."""
    depth = 0
    for letter in pattern:
        depth += (letter == "(") - (letter == ")")
        if letter == "|" and depth == 0:
            return False
    return pattern.startswith("^") and pattern.endswith("$")


def _settings(app: Flask) -> Iterator[str]:
    for name in DANGEROUS:
        if app.config.get(name):
            yield f"{name} opens views of FAB that have no cure here"
