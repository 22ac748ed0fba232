"""What import-linter cannot see: names written as text."""

import re

import pytest
from django.apps import apps
from django.db import models
from django.urls import URLResolver, get_resolver

from tests.architecture.rooms import PACKAGE, may_use, modules, ranks, rooms, templates, without_comments

NAMED = re.compile(r"""{%\s*url\s+["']([a-z_]+):""")
TAKEN = re.compile(r"""{%\s*(?:extends|include)\s+["']([a-z_]+)/""")
REVERSED = re.compile(r"""(?:reverse|reverse_lazy|redirect|resolve_url)\(\s*f?["']([a-z_]+):""")


def test_every_room_has_its_floor() -> None:
    assert sorted(ranks()) == rooms()


@pytest.mark.parametrize("room", rooms())
def test_foreign_keys_point_down(room: str) -> None:
    if room == "config":
        return
    targets = [
        (f"{model.__name__}.{field.name}", apps.get_model(field.remote_field.model._meta.label)._meta.app_label)
        for model in apps.get_app_config(room).get_models()
        for field in model._meta.get_fields()
        if isinstance(field, models.ForeignKey | models.ManyToManyField)
    ]
    up = [(field, target) for field, target in targets if target in ranks() and not may_use(room, target)]
    assert up == []


@pytest.mark.parametrize("room", rooms())
def test_templates_name_only_own_and_lower_rooms(room: str) -> None:
    up = []
    for path in templates(room):
        text = without_comments(path.read_text())
        names = [("url", name) for name in NAMED.findall(text)] + [("template", name) for name in TAKEN.findall(text)]
        up += [
            f"{path.relative_to(PACKAGE)}: {what} of {name}"
            for what, name in names
            if name in ranks() and not may_use(room, name)
        ]
    assert up == []


@pytest.mark.parametrize("room", rooms())
def test_code_reverses_only_own_and_lower_rooms(room: str) -> None:
    if room == "config":
        return
    up = [
        f"{path.relative_to(PACKAGE)}: {name}"
        for path in modules(room)
        for name in REVERSED.findall(path.read_text())
        if name in ranks() and not may_use(room, name)
    ]
    assert up == []


def test_every_address_has_one_name() -> None:
    seen: dict[str, str] = {}
    twice = []

    def walk(resolver: URLResolver, namespace: str, prefix: str) -> None:
        for entry in resolver.url_patterns:
            route = prefix + str(entry.pattern)
            if isinstance(entry, URLResolver):
                walk(entry, f"{namespace}{entry.namespace}:" if entry.namespace else namespace, route)
            elif namespace.partition(":")[0] in ranks():
                assert entry.name, f"{route} has no name"
                if route in seen and seen[route] != namespace + entry.name:
                    twice.append((route, seen[route], namespace + entry.name))
                seen[route] = namespace + entry.name

    walk(get_resolver(), "", "")
    assert twice == []
    assert len(seen) > 30
