"""A kind of evidence the newsroom records by itself: an article on our own site about an activity."""

from typing import Any

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

ANY: list[str] = []
KIND: dict[str, Any] = {
    "slug": "article.published",
    "order": 22,
    "by_hand": False,
    "name": "Bài viết đã đăng trên trang tin",
    "unit": "bài viết",
    "hint": "Mỗi bài viết về một hoạt động là một bản ghi, kể từ khi đăng; bài đã gỡ thì không còn tính.",
    "name_en": "Article on our own site",
    "unit_en": "articles",
    "hint_en": "One record an article and activity from its publication on; a withdrawn article counts no more.",
    "dimensions": {
        "language": ["vi", "en"], "section": ANY, "topic": ANY, "pillar": ANY, "area": ANY, "kind": ANY,
    },
}  # fmt: skip


def put(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Write the kind, or bring it up to date."""
    from nhipcau.core.models import fingerprint

    kinds = apps.get_model("evidence", "EvidenceKind").objects.using(schema_editor.connection.alias)
    english_of = {name: fingerprint(KIND[name]) for name in ("name", "unit", "hint")}
    kinds.update_or_create(slug=KIND["slug"], defaults=KIND | {"english_of": english_of})


def take(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Take it away unless something was recorded under it."""
    evidence = apps.get_model("evidence", "Evidence").objects.using(schema_editor.connection.alias)
    kinds = apps.get_model("evidence", "EvidenceKind").objects.using(schema_editor.connection.alias)
    kinds.filter(slug=KIND["slug"]).exclude(slug__in=evidence.values("kind")).delete()


class Migration(migrations.Migration):
    """One kind more."""

    dependencies = [("evidence", "0004_kinds_of_evidence")]
    operations = [migrations.RunPython(put, take)]
