"""The start-up check: nothing is served that was built past the base classes."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from typing import Any

from flask import Flask
from flask_appbuilder import AppBuilder
from flask_appbuilder.api import BaseApi, ModelRestApi
from flask_appbuilder.baseviews import BaseCRUDView, BaseView

from app.core.access import SIGNED_IN
from app.core.lifecycle import Lifecycle
from app.core.register import Record, Register, registers

FAB_VIEWS = frozenset({"IndexView", "UtilView", "LocaleView", "SecurityApi", "OpenApi", "SwaggerView"})


class UnsafeApp(Exception):
    """The program was put together in a way that would open a hole; it does not start."""


def refuse_unsafe(app: Flask, builder: AppBuilder) -> None:
    """Raise ``UnsafeApp`` naming everything that stands outside the base classes."""
    found = [*_views(builder), *_records(), *_registers(), *_patterns(app)]
    if found:
        raise UnsafeApp("; ".join(found))


def _views(builder: AppBuilder) -> Iterator[str]:
    for view in builder.baseviews:
        name = type(view).__name__
        if isinstance(view, BaseCRUDView | ModelRestApi):
            yield f"{name} is built on FAB's model views; declare a Register instead"
        if type(view).__module__.startswith("flask_appbuilder") and name not in FAB_VIEWS:
            yield f"{name} of FAB is served without a class of ours"
        if type(view).__module__.startswith("app."):
            yield from _routes(view)


def _routes(view: BaseView | BaseApi) -> Iterator[str]:
    for name, method in inspect.getmembers(view, inspect.ismethod):
        unguarded = getattr(method, "_urls", None) and not hasattr(method, "_permission_name")
        if unguarded and view.class_permission_name not in SIGNED_IN and not getattr(method, "is_public", False):
            yield f"{type(view).__name__}.{name} asks for no permission"


def _records() -> Iterator[str]:
    for mapper in Record.registry.mappers:
        model: Any = mapper.class_
        if issubclass(model, Record):
            if model.__tablename__ not in registers():
                yield f"{model.__name__} has no Register"
            if mapper.relationships:
                yield f"{model.__name__} has a bare relation; refer by fields.ref"


def _registers() -> Iterator[str]:
    for slug, register in registers().items():
        if not register.list:
            yield f"{slug} names no list columns"
        for target in {spec.target for spec in register.fields.values() if spec.target} - {"account"}:
            if target not in registers():
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
            if not (pattern.startswith("^") and pattern.endswith("$")):
                yield f"FAB_ROLES[{role!r}]: the pattern {pattern!r} is not anchored"
