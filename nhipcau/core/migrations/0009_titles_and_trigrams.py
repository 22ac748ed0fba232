"""Titles stand apart in the search table, and every three signs of them find them where a word was mistyped.

SQLite makes the table anew for a column, and the triggers that keep its full-text index go with the old one. Each room
fills in the titles of its own things in a migration of its own.
"""

import django.db.models.deletion
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

TRIGGERS = {
    "core_search_insert": "AFTER INSERT ON core_searchentry BEGIN "
    "INSERT INTO core_search_fts(rowid, folded) VALUES (new.id, new.folded); END",
    "core_search_delete": "AFTER DELETE ON core_searchentry BEGIN "
    "INSERT INTO core_search_fts(core_search_fts, rowid, folded) VALUES ('delete', old.id, old.folded); END",
    "core_search_update": "AFTER UPDATE ON core_searchentry BEGIN "
    "INSERT INTO core_search_fts(core_search_fts, rowid, folded) VALUES ('delete', old.id, old.folded); "
    "INSERT INTO core_search_fts(rowid, folded) VALUES (new.id, new.folded); END",
}


def drop(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Take the triggers away before the table is made anew."""
    if schema_editor.connection.vendor == "sqlite":
        for name in TRIGGERS:
            schema_editor.execute(f"DROP TRIGGER IF EXISTS {name}", params=None)


def put_up(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Put them back; the index itself stayed, and the rows kept their keys."""
    if schema_editor.connection.vendor == "sqlite":
        for name, rest in TRIGGERS.items():
            schema_editor.execute(f"CREATE TRIGGER {name} {rest}", params=None)


class Migration(migrations.Migration):
    """Titles, language and moment of an entry; trigrams."""

    dependencies = [("core", "0008_public_stamp")]
    operations = [
        migrations.RunPython(drop, put_up),
        migrations.AddField(
            "searchentry",
            "title_folded",
            models.TextField(blank=True, db_default="", default="", verbose_name="folded title"),
        ),
        migrations.AddField(
            "searchentry",
            "title_canonical",
            models.TextField(blank=True, db_default="", default="", verbose_name="canonical title"),
        ),
        migrations.AddField(
            "searchentry",
            "language",
            models.CharField(blank=True, db_default="", default="", max_length=10, verbose_name="language"),
        ),
        migrations.AddField(
            "searchentry", "moment", models.DateTimeField(blank=True, null=True, verbose_name="moment")
        ),
        migrations.RunPython(put_up, drop),
        migrations.CreateModel(
            "SearchGram",
            [
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("gram", models.CharField(max_length=3, verbose_name="three signs")),
                (
                    "entry",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="grams",
                        to="core.searchentry",
                        verbose_name="entry",
                    ),
                ),
            ],
            options={
                "verbose_name": "trigram of a title",
                "verbose_name_plural": "trigrams of titles",
                "constraints": [models.UniqueConstraint(fields=["gram", "entry"], name="search_gram_once")],
            },
        ),
    ]
