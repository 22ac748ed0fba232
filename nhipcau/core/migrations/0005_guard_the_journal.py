"""Triggers that refuse every change of the journal."""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from nhipcau.core.guards import JOURNAL


def up(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Raise the guard."""
    JOURNAL.raise_on(schema_editor.connection)


def down(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Lower it."""
    JOURNAL.lower_on(schema_editor.connection)


class Migration(migrations.Migration):
    """Append-only triggers."""

    dependencies = [("core", "0004_journal")]
    operations = [migrations.RunPython(up, down)]
