"""Habits of the house: where time comes from, where listeners stand, what every model carries."""

import ast
import re
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import models

from nhipcau.core.happenings import listeners
from tests.architecture.rooms import PACKAGE, ROOT, modules, rooms

# Present moment taken from the machine; it enters a request in one place only.
MACHINE_TIME = {
    ("datetime", "now"),
    ("datetime", "utcnow"),
    ("datetime", "today"),
    ("date", "today"),
    ("timezone", "now"),
    ("timezone", "localdate"),
    ("timezone", "localtime"),
}
TIME_MAY_ENTER = {"core/middleware.py", "core/key_file.py"}  # the second reads at start, before there is a request
MODELS = sorted(
    (model for room in rooms() if room != "config" for model in apps.get_app_config(room).get_models()),
    key=lambda model: model._meta.label,
)


def _calls(path: Path) -> list[tuple[int, str, str]]:
    return [
        (node.lineno, node.func.value.id, node.func.attr)
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and isinstance(node.func.value, ast.Name)
    ]


def test_time_enters_in_one_place() -> None:
    found = [
        f"{path.relative_to(PACKAGE)}:{line} {thing}.{verb}"
        for room in rooms()
        for path in modules(room, migrations=True)
        for line, thing, verb in _calls(path)
        if (thing, verb) in MACHINE_TIME and str(path.relative_to(PACKAGE)) not in TIME_MAY_ENTER
    ]
    assert found == []


def test_templates_take_no_time_from_the_machine() -> None:
    found = [
        str(path.relative_to(PACKAGE))
        for path in sorted(PACKAGE.rglob("templates/**/*.html"))
        if re.search(r"{%\s*now\b", path.read_text())
    ]
    assert found == []


def test_no_row_stamps_itself() -> None:
    stamped = [
        f"{model._meta.label}.{field.name}"
        for model in MODELS
        for field in model._meta.get_fields()
        if getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False)
        if model.__module__.startswith("nhipcau.") and model._meta.label not in FROM_WAGTAIL
    ]
    assert stamped == []


# Wagtail's own fields on our picture and document models.
FROM_WAGTAIL = {"newsroom.Picture", "newsroom.Download", "newsroom.Rendition"}


def test_listeners_stand_in_happenings() -> None:
    astray = [
        f"{listener.__module__}.{listener.__name__}"
        for kind in listeners().values()
        for listener in kind
        if not listener.__module__.endswith(".happenings")
    ]
    assert astray == []


def test_happenings_page_is_up_to_date() -> None:
    from io import StringIO

    page = StringIO()
    call_command("happenings", stdout=page)
    assert (ROOT / "docs" / "happenings.md").read_text() == page.getvalue()


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_model_says_what_it_is(model: type[models.Model]) -> None:
    assert not (model.__doc__ or f"{model.__name__}(").startswith(f"{model.__name__}("), "docstring"
    assert model.__str__ is not models.Model.__str__, "__str__"
    assert "verbose_name" in model._meta.original_attrs or model._meta.label in FROM_WAGTAIL, "verbose names"
    for constraint in model._meta.constraints:
        assert constraint.name
        assert not constraint.name.endswith("_uniq")
    assert not model._meta.unique_together, "unique_together has no message"


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_model_says_what_deletion_does(model: type[models.Model]) -> None:
    kinds = {
        field.name: getattr(field.remote_field.on_delete, "__name__", "")
        for field in model._meta.local_fields  # what a page inherits is Wagtail's to say
        if isinstance(field, models.ForeignKey) and model._meta.label not in FROM_WAGTAIL
    }
    assert {name: kind for name, kind in kinds.items() if kind not in {"PROTECT", "CASCADE"}} == {}


def test_nothing_saves_itself_differently() -> None:
    overridden = [model._meta.label for model in MODELS if "save" in vars(model)]
    assert overridden == []


def test_modules_start_with_a_sentence() -> None:
    silent = [
        str(path.relative_to(PACKAGE))
        for room in rooms()
        for path in modules(room)
        if path.read_text().strip() and not (ast.get_docstring(ast.parse(path.read_text())) or "").strip()
    ]
    assert silent == []


def test_modules_stay_at_a_readable_length() -> None:
    """400 lines is where modules start to hurt; at 500 they are taken apart."""
    long = {
        str(path.relative_to(PACKAGE)): count
        for room in rooms()
        for path in modules(room)
        if (count := len(path.read_text().splitlines())) > 500
    }
    assert long == {}


def test_no_page_carries_style_or_script_of_its_own() -> None:
    """The Content-Security-Policy would refuse them."""
    found = [
        f"{path.relative_to(PACKAGE)}: {match.group()}"
        for path in sorted(PACKAGE.rglob("templates/**/*.html"))
        for match in re.finditer(
            r"""\s(?:style|on[a-z]+|hx-on[^=\s]*)=["']|<style\b|<script>|javascript:""", path.read_text()
        )
    ]
    assert found == []
