"""What list, show and form templates are given; engines and areas add their part through the three hooks."""

from app.core.pages.forms import FormPage, conflict_of, fold, form_page
from app.core.pages.hooks import arranged, arranges_lists, on_form, on_list, on_show
from app.core.pages.links import home, link, url
from app.core.pages.lists import ListPage, list_columns, list_page
from app.core.pages.shows import ShowPage, show_page, steps_of

__all__ = [
    "FormPage", "ListPage", "ShowPage", "arranged", "arranges_lists", "conflict_of", "fold", "form_page", "home",
    "link", "list_columns", "list_page", "on_form", "on_list", "on_show", "show_page", "steps_of", "url",
]
