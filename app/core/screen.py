"""Base of the screens and APIs made by hand, which the program finds by itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from flask_appbuilder import BaseView
from flask_appbuilder.api import BaseApi
from werkzeug.wrappers import Response

from app.core import faults, openapi
from app.core.access import SIGNED_IN, Access
from app.core.errors import Forbidden


class Screen(BaseView):
    """A screen made by hand; ``menu_label`` puts it into the menu under ``menu_area``.

    ``menu_count`` names the fact of the frame that stands beside it, in red when it is not nought.
    """

    menu_area: ClassVar[str] = ""
    menu_label: ClassVar[Any] = ""
    menu_icon: ClassVar[str] = ""
    menu_order: ClassVar[int] = 50
    menu_count: ClassVar[str] = ""
    in_menu: ClassVar[bool] = False
    everyone: ClassVar[bool] = False

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        cls.in_menu = not (isinstance(cls.menu_label, str) and not cls.menu_label)  # a label in words is no plain text
        if cls.everyone:
            SIGNED_IN.add(cls.class_permission_name or cls.__name__)

    @classmethod
    def meant_for(cls, _person: Access) -> bool:
        """Whether the menu offers the screen to somebody who has its permission."""
        return True


class DescribedApi(BaseApi):
    """A REST class whose every call stands in the OpenAPI document, and whose refusals have our shape."""

    responses: ClassVar[dict[str, Any]] = {}
    keys_need: ClassVar[Mapping[str, tuple[str, str] | None]] = {}
    """What an API key must hold for a call that asks for no register's permission; ``None``: it limits itself."""

    def response_401(self) -> Response:
        """FAB's answer to a stranger, in our words."""
        return faults.answer(401)

    def response_403(self) -> Response:
        """FAB's answer to a person without the permission, in our words."""
        raise Forbidden(str(faults.TEXTS[403]))

    def operation_helper(
        self, path: str = "", operations: Any = None, methods: Any = (), func: Any = None, **options: Any
    ) -> None:
        """Describe one call by ``openapi.describes``, its docstring and its address."""
        documented: dict[str, Any] = {}
        super().operation_helper(path, documented, methods, func, **options)
        for method in (name.lower() for name in methods):
            public = getattr(func, "is_public", False)
            operations[method] = openapi.by_hand(func, path, method, documented.get(method, {}), public)


class ScreenApi(DescribedApi):
    """REST calls made by hand; cookies need the CSRF token, bearers of a JWT do not."""

    allow_browser_login = True
    csrf_exempt = False
    everyone: ClassVar[bool] = False

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        if cls.everyone:
            SIGNED_IN.add(cls.class_permission_name or cls.__name__)
