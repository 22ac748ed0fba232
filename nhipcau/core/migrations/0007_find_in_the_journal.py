"""The journal is found by words without marks, and acts within an act by that act.

SQLite makes the table anew for a column, and its triggers go with the old one: the guard is raised again.
"""

from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from nhipcau.core.guards import JOURNAL


def lower(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Lower the guard."""
    JOURNAL.lower_on(schema_editor.connection)


def put_up(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Raise it."""
    JOURNAL.raise_on(schema_editor.connection)


class Migration(migrations.Migration):
    """A folded text, and an index for acts within acts."""

    dependencies = [("core", "0006_signs_of_life")]
    operations = [
        migrations.RunPython(lower, put_up),
        migrations.AddField(
            model_name="journalentry",
            name="folded",
            field=models.TextField(blank=True, default="", verbose_name="folded text"),
        ),
        migrations.AddIndex(
            model_name="journalentry",
            index=models.Index(
                condition=models.Q(("part_of__isnull", False)), fields=["part_of"], name="journal_parts"
            ),
        ),
        migrations.RunPython(put_up, lower),
    ]
