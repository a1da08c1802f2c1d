"""Base of the screens and APIs made by hand, which the program finds by itself."""

from __future__ import annotations

from typing import Any, ClassVar

from flask_appbuilder import BaseView
from flask_appbuilder.api import BaseApi

from app.core.access import SIGNED_IN


class Screen(BaseView):
    """A screen made by hand; ``menu_label`` puts it into the menu under ``menu_area``.

    ``menu_count`` names the fact of the frame that stands beside it, in red when it is not nought.
    """

    menu_area: ClassVar[str] = ""
    menu_label: ClassVar[Any] = ""
    menu_icon: ClassVar[str] = ""
    menu_order: ClassVar[int] = 50
    menu_count: ClassVar[str] = ""
    everyone: ClassVar[bool] = False

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        if cls.everyone:
            SIGNED_IN.add(cls.class_permission_name or cls.__name__)


class ScreenApi(BaseApi):
    """REST calls made by hand; cookies need the CSRF token, bearers of a JWT do not."""

    allow_browser_login = True
    csrf_exempt = False
    everyone: ClassVar[bool] = False

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        if cls.everyone:
            SIGNED_IN.add(cls.class_permission_name or cls.__name__)
