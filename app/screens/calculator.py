"""Calculators 试算: when something is due, who decides, which class, how much; by any policy, saving nothing."""

from __future__ import annotations

from typing import Any

from flask import render_template, request
from flask_appbuilder import expose
from flask_appbuilder.security.decorators import has_access
from flask_babel import lazy_gettext as _l

from app.core.errors import Refusal
from app.core.screen import Screen
from app.screens import calculator_asked, calculator_pages


class CalculatorView(Screen):
    """One screen for every policy; its address holds all that was typed, so that it can be passed on."""

    route_base = "/calculator"
    class_permission_name = "pack_version"
    method_permission_name = {"show": "read"}
    default_view = "show"
    menu_area, menu_label, menu_icon, menu_order = "policies", _l("Calculators"), "calculator", 20

    @expose("/")
    @has_access
    def show(self) -> Any:
        """The chosen policy and what of it is tried, the inputs that it asks for, the answer and why."""
        asked = calculator_asked.read(request.args)
        problems, result = list(asked.problems), None
        if not problems and asked.complete:
            try:
                result = calculator_pages.answer(asked)
            except Refusal as refusal:
                problems = refusal.problems if asked.pressed else []
        page = calculator_pages.page(asked, problems, result)
        return render_template("calculator.html", page=page), 422 if problems else 200
