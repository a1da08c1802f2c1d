"""Configuration: defaults, then the environment; typed, and weak secrets are refused.

`settings()` is what the environment decides; `load()` is the whole Flask configuration.

=================  ==========================================================================
DATABASE_URL       SQLite or PostgreSQL; default: `kezhi.db` in the instance folder
KEZHI_INSTANCE     folder of the database, attachments, keys and backups; default: `instance`
KEZHI_PUBLIC_URL   the address people use; with `https://` cookies are marked secure
KEZHI_HOST, _PORT  where `run.py` listens; default 127.0.0.1 and 8080
KEZHI_PROXIES      how many reverse proxies stand in front, whose X-Forwarded-* headers count; default 0
KEZHI_SECRET_KEY, KEZHI_DATA_KEYS, KEZHI_INDEX_KEY  instead of the files in `instance/keys`
=================  ==========================================================================
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

ROOT = Path(__file__).resolve().parent
MEGABYTE = 1 << 20


class ConfigError(Exception):
    """An environment variable that cannot be read; the message names it and what is wanted."""


@dataclass(frozen=True)
class Settings:
    """What the environment decides."""

    instance: Path
    database_url: str
    host: str
    port: int
    public_url: str
    proxies: int = 0

    @property
    def https(self) -> bool:
        """Whether people reach the portal over TLS."""
        return self.public_url.startswith("https://")

    @property
    def keys(self) -> Path:
        """Folder of the key files."""
        return self.instance / "keys"

    @property
    def files(self) -> Path:
        """Folder of the attachments."""
        return self.instance / "files"

    @property
    def url(self) -> URL:
        """The parsed database address."""
        return make_url(self.database_url)

    @property
    def sqlite_file(self) -> Path | None:
        """The database file; ``None`` on PostgreSQL."""
        return Path(self.url.database or "") if self.url.get_backend_name() == "sqlite" else None


def settings(env: Mapping[str, str] = os.environ) -> Settings:
    """Read the environment; raises ``ConfigError``."""
    instance = Path(env.get("KEZHI_INSTANCE") or ROOT / "instance").resolve()
    host, port = env.get("KEZHI_HOST") or "127.0.0.1", _port(env.get("KEZHI_PORT") or "8080")
    return Settings(
        instance=instance,
        database_url=database_url(env.get("DATABASE_URL") or f"sqlite:///{(instance / 'kezhi.db').as_posix()}"),
        host=host,
        port=port,
        public_url=_public_url(env.get("KEZHI_PUBLIC_URL") or f"http://{host}:{port}"),
        proxies=_proxies(env.get("KEZHI_PROXIES") or "0"),
    )


def database_url(text: str) -> str:
    """One spelling per database: PostgreSQL always through psycopg 3."""
    try:
        url = make_url(text)
    except ArgumentError:
        raise ConfigError("DATABASE_URL: not a database address") from None
    if url.get_backend_name() in {"postgres", "postgresql"}:
        return url.set(drivername="postgresql+psycopg").render_as_string(hide_password=False)
    if url.get_backend_name() != "sqlite":
        raise ConfigError("DATABASE_URL: sqlite:///… or postgresql://… expected")
    return text


def load(**over: Any) -> dict[str, Any]:
    """The Flask configuration of this environment with ``over`` on top.

    Raises ``ConfigError`` for what cannot be read and ``SetupError`` for missing or weak keys.
    """
    here = settings()
    merged = _flask(here) | _appbuilder() | over
    merged["SQLALCHEMY_DATABASE_URI"] = database_url(merged["SQLALCHEMY_DATABASE_URI"])
    merged.setdefault("SQLALCHEMY_ENGINE_OPTIONS", _engine_options(merged["SQLALCHEMY_DATABASE_URI"]))
    return _secrets(here, fixed=bool(over.get("TESTING"))) | merged


def _flask(here: Settings) -> dict[str, Any]:
    return {
        "SQLALCHEMY_DATABASE_URI": here.database_url,
        "KEZHI_INSTANCE": here.instance,
        "KEZHI_FILES": here.files,
        "KEZHI_PUBLIC_URL": here.public_url,
        "KEZHI_PROXIES": here.proxies,
        "PREFERRED_URL_SCHEME": "https" if here.https else "http",
        "SESSION_COOKIE_NAME": "kezhi",
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_SECURE": here.https,
        "PERMANENT_SESSION_LIFETIME": timedelta(hours=8),
        "MAX_CONTENT_LENGTH": 20 * MEGABYTE,
        "MAX_FORM_MEMORY_SIZE": 8 * MEGABYTE,  # a text of 5 MB is answered with its field, and stays typed
        "MAX_FORM_PARTS": 5000,
        "WTF_CSRF_TIME_LIMIT": None,
    }


def _appbuilder() -> dict[str, Any]:
    """FAB with its unsafe defaults off; the portal's own layers take their place."""
    return {
        "APP_NAME": "客制 Kezhi",
        "LANGUAGES": {"zh": {"flag": "cn", "name": "简体中文"}, "en": {"flag": "gb", "name": "English"}},
        "BABEL_DEFAULT_LOCALE": "zh",
        "BABEL_DEFAULT_TIMEZONE": "Asia/Shanghai",
        "BABEL_TRANSLATION_DIRECTORIES": str(ROOT / "app" / "translations"),
        "FAB_SECURITY_MANAGER_CLASS": "app.core.security.SecurityManager",
        "FAB_MENU": "app.core.menu.PortalMenu",
        "FAB_INDEX_VIEW": "app.screens.workbench.WorkbenchView",
        "FAB_BASE_TEMPLATE": "base.html",
        "FAB_CREATE_DB": False,
        "FAB_UPDATE_PERMS": False,
        "FAB_ADD_SECURITY_API": False,
        "FAB_ADD_MENU_API": False,
        "FAB_API_KEY_ENABLED": False,
        "FAB_API_SWAGGER_UI": False,
        "FAB_API_ALLOW_JSON_QS": False,
        "FAB_ADD_SECURITY_PERMISSION_VIEW": False,
        "FAB_ADD_SECURITY_VIEW_MENU_VIEW": False,
        "FAB_ADD_SECURITY_PERMISSION_VIEWS_VIEW": False,
        "FAB_PASSWORD_COMPLEXITY_ENABLED": True,
        "FILE_ALLOWED_EXTENSIONS": ("pdf", "docx", "xlsx", "csv", "png", "jpg", "jpeg"),
        "AUTH_RATE_LIMITED": False,  # attempts are limited in the database, which every process sees
        "RATELIMIT_ENABLED": False,
    }


def _secrets(here: Settings, *, fixed: bool) -> dict[str, Any]:
    """The installation's keys; tests run with known ones that never touch the disk."""
    from app.bootstrap import keys  # not above: importing `app` imports this module

    found = keys.TEST_KEYS if fixed else keys.read(here.keys, os.environ)
    return {
        "SECRET_KEY": found.secret,
        "KEZHI_DATA_KEYS": dict(found.data),
        "KEZHI_ACTIVE_KEY": found.active,
        "KEZHI_INDEX_KEY": found.index,
    }


def _engine_options(url: str) -> dict[str, Any]:
    if url.startswith("sqlite"):
        return {}
    return {"pool_pre_ping": True, "pool_size": 10, "max_overflow": 10}


def _port(text: str) -> int:
    if not text.isdigit() or not 0 < int(text) < 1 << 16:
        raise ConfigError(f"KEZHI_PORT: a port number is expected, not {text!r}")
    return int(text)


def _proxies(text: str) -> int:
    if not text.isdigit() or int(text) > 9:
        raise ConfigError(f"KEZHI_PROXIES: a number from 0 to 9 is expected, not {text!r}")
    return int(text)


def _public_url(text: str) -> str:
    if not text.startswith(("http://", "https://")):
        raise ConfigError("KEZHI_PUBLIC_URL: http://… or https://… expected")
    return text.rstrip("/")
