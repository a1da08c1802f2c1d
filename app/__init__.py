"""The program: configuration, extensions, every register and screen found in the tree, commands."""

from __future__ import annotations

import gc
import importlib
import pkgutil
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

from flask import Flask
from flask_appbuilder import AppBuilder

import config
from app.core import checks, shell, texts, web
from app.core.api import api_for
from app.core.db import db
from app.core.late_rules import LateRule
from app.core.register import registers
from app.core.screen import Screen, ScreenApi
from app.core.screens import Lookup, view_for

FOLDERS = ("core", "engines", "areas", "screens")


def create_app(**over: Any) -> Flask:
    """A ready application; ``over`` replaces configuration values."""
    app = Flask(__name__)
    app.url_rule_class = LateRule
    app.config.from_mapping(config.load(**over))
    modules = list(discover())
    db.init_app(app)
    web.init_web(app)
    with app.app_context():
        builder = AppBuilder()
        builder.init_app(app, db.session)
        _add_views(builder)
        checks.refuse_unsafe(app, builder)
    texts.init_templates(app)
    shell.init_shell(app)
    for module in modules:
        if commands := getattr(module, "commands", None):
            app.cli.add_command(commands)
    if not app.testing:
        settle()
    return app


def settle() -> None:
    """Let the garbage collector pass over what was loaded: it stays as long as the process."""
    gc.collect()
    gc.freeze()


def discover() -> Iterator[ModuleType]:
    """Import every module of core, engines, areas and screens, in the order of the layers."""
    for folder in FOLDERS:
        package = f"{__name__}.{folder}"
        yield importlib.import_module(package)
        root = [str(Path(__file__).parent / folder)]
        for found in sorted(pkgutil.walk_packages(root, f"{package}."), key=lambda module: module.name):
            yield importlib.import_module(found.name)


def _add_views(builder: AppBuilder) -> None:
    builder.add_view_no_menu(Lookup)
    for register in registers().values():
        if register.detail_of:
            continue
        builder.add_view_no_menu(view_for(register))
        builder.add_api(api_for(register))
    for screen in _concrete(Screen):
        if screen is not builder.indexview:
            builder.add_view_no_menu(screen)
    for api in _concrete(ScreenApi):
        builder.add_api(api)


def _concrete(base: type) -> list[Any]:
    children: list[Any] = base.__subclasses__()
    found = [made for made in children if made.__module__.startswith(__name__)]
    return sorted(found, key=lambda made: made.__name__)
