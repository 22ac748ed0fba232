"""The full-text index over folded text: FTS5 kept in step by triggers on SQLite, a GIN index on PostgreSQL."""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

SQLITE_UP = (
    "CREATE VIRTUAL TABLE core_search_fts USING fts5(folded, content='core_searchentry', content_rowid='id', "
    "tokenize='unicode61 remove_diacritics 0')",
    "CREATE TRIGGER core_search_insert AFTER INSERT ON core_searchentry BEGIN "
    "INSERT INTO core_search_fts(rowid, folded) VALUES (new.id, new.folded); END",
    "CREATE TRIGGER core_search_delete AFTER DELETE ON core_searchentry BEGIN "
    "INSERT INTO core_search_fts(core_search_fts, rowid, folded) VALUES ('delete', old.id, old.folded); END",
    "CREATE TRIGGER core_search_update AFTER UPDATE ON core_searchentry BEGIN "
    "INSERT INTO core_search_fts(core_search_fts, rowid, folded) VALUES ('delete', old.id, old.folded); "
    "INSERT INTO core_search_fts(rowid, folded) VALUES (new.id, new.folded); END",
)
SQLITE_DOWN = (
    "DROP TRIGGER core_search_insert",
    "DROP TRIGGER core_search_delete",
    "DROP TRIGGER core_search_update",
    "DROP TABLE core_search_fts",
)
POSTGRESQL_UP = ("CREATE INDEX core_search_words ON core_searchentry USING gin (to_tsvector('simple', folded))",)
POSTGRESQL_DOWN = ("DROP INDEX core_search_words",)


def up(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Make the index this database knows."""
    for statement in SQLITE_UP if schema_editor.connection.vendor == "sqlite" else POSTGRESQL_UP:
        schema_editor.execute(statement, params=None)


def down(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Take it away."""
    for statement in SQLITE_DOWN if schema_editor.connection.vendor == "sqlite" else POSTGRESQL_DOWN:
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    """Full-text index."""

    dependencies = [("core", "0001_first_tables")]
    operations = [migrations.RunPython(up, down)]
