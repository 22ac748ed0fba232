"""Triggers that keep the list of what waits for verification, and what waits already."""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from nhipcau.evidence.awaiting import lower_triggers, raise_triggers


def up(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Put them up and fill the list."""
    raise_triggers(schema_editor.connection)


def down(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Take them down."""
    lower_triggers(schema_editor.connection)


class Migration(migrations.Migration):
    """The list follows the ledger."""

    dependencies = [("evidence", "0006_what_waits")]
    operations = [migrations.RunPython(up, down)]
