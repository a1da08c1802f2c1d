"""Pieces of HTML that pages put into themselves."""

from __future__ import annotations

from typing import Any

from flask import current_app
from markupsafe import Markup


def fragment(template: str, **context: Any) -> Markup:
    """A template that needs nothing but its context: it is spared the frame that is made for pages."""
    html = current_app.jinja_env.get_template(template).render(**context)
    return Markup(html)  # noqa: S704 -- the template escapes
