"""A bare Django-admin changelist on the complaint table. Run with the peers' Python: peer_django.py URL ROWS."""

import sys

import contest
import django
from django.apps import AppConfig
from django.conf import settings

URL, ROWS = sys.argv[1:]


def databases():
    if URL.startswith("sqlite"):
        return {"ENGINE": "django.db.backends.sqlite3", "NAME": URL.removeprefix("sqlite:///")}
    from urllib.parse import parse_qs, unquote, urlsplit

    at = urlsplit(URL)
    host = parse_qs(at.query).get("host", [at.hostname])[0]
    user = {"USER": unquote(at.username or ""), "PASSWORD": unquote(at.password or "")}
    return user | {
        "ENGINE": "django.db.backends.postgresql", "NAME": at.path[1:], "HOST": host, "PORT": at.port or "",
        "CONN_MAX_AGE": None,
    }


class Kezhi(AppConfig):
    path = str(contest.HERE)


BASE = "django.contrib."
APPS = [BASE + name for name in ("admin", "auth", "contenttypes", "sessions", "messages", "staticfiles")]
settings.configure(
    DATABASES={"default": databases()}, SECRET_KEY="bench", ROOT_URLCONF=__name__, USE_TZ=True, LANGUAGE_CODE="zh-hans",
    TIME_ZONE="Asia/Shanghai", ALLOWED_HOSTS=["*"], STATIC_URL="/static/", DEFAULT_AUTO_FIELD="django.db.models.AutoField",
    INSTALLED_APPS=[*APPS, Kezhi("kezhi", sys.modules[__name__])],
    MIGRATION_MODULES={"kezhi": None},
    MIDDLEWARE=[
        BASE + "sessions.middleware.SessionMiddleware", "django.middleware.locale.LocaleMiddleware",
        "django.middleware.common.CommonMiddleware", "django.middleware.csrf.CsrfViewMiddleware",
        BASE + "auth.middleware.AuthenticationMiddleware", BASE + "messages.middleware.MessageMiddleware",
    ],
    TEMPLATES=[{
        "BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True,
        "OPTIONS": {"context_processors": [
            "django.template.context_processors.request", BASE + "auth.context_processors.auth",
            BASE + "messages.context_processors.messages",
        ]},
    }],
)
django.setup()

from django.contrib import admin  # noqa: E402 - only a set-up Django can be imported
from django.core.management import call_command  # noqa: E402
from django.db import connection, models  # noqa: E402
from django.test import Client  # noqa: E402
from django.urls import path  # noqa: E402


def table(of, **body):
    """A model of a table that is there."""
    meta = type("Meta", (), {"managed": False, "db_table": of, "app_label": "kezhi"})
    shown = {"__str__": lambda self: self.name} if "name" in body else {}
    return type(of.title().replace("_", ""), (models.Model,), {"__module__": __name__, "Meta": meta, **shown, **body})


def to(model):
    return models.ForeignKey(model, models.DO_NOTHING, null=True, related_name="+")


Unit = table("org_unit", name=models.TextField())
Employee = table("employee", name=models.TextField())
Customer = table("customer", name=models.TextField())
Complaint = table(
    "complaint", case_no=models.TextField(), customer=to(Customer), title=models.TextField(), status=models.TextField(),
    holder_unit=to(Unit), owner=to(Employee), claimed_amount=models.DecimalField(max_digits=18, decimal_places=2),
    accepted_at=models.DateTimeField(),
)


@admin.register(Complaint)
class ComplaintAdmin(admin.ModelAdmin):
    list_display = (
        "case_no", "customer", "title", "status", "holder_unit", "owner", "claimed_amount", "accepted_at",
    )
    list_per_page = int(ROWS)
    list_select_related = ("customer", "holder_unit", "owner")


urlpatterns = [path("admin/", admin.site.urls)]
ADDRESS = "/admin/kezhi/complaint/"


def main():
    call_command("migrate", verbosity=0)
    from django.contrib.auth.models import User

    client = Client()
    client.force_login(User.objects.create_superuser("bench"))
    statements = []

    def note(execute, sql, *rest):
        statements.append(sql)
        return execute(sql, *rest)

    def get(_path):
        answer = client.get(ADDRESS)
        assert answer.status_code == 200, answer
        return answer.content

    with connection.execute_wrapper(note):
        contest.answer(get, statements)


if __name__ == "__main__":
    main()
