"""Triggers that refuse every change of the ledger but the one allowed."""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from nhipcau.evidence.guards import lower_guard, raise_guard


def up(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Raise the guard."""
    raise_guard(schema_editor.connection)


def down(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Lower it."""
    lower_guard(schema_editor.connection)


class Migration(migrations.Migration):
    """Append-only triggers."""

    dependencies = [("evidence", "0001_first_tables")]
    operations = [migrations.RunPython(up, down)]
