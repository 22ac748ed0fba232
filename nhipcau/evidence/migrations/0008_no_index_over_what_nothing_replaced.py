"""The column that names a successor is indexed where it names one; on SQLite the ledger's table is written anew for that."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from nhipcau.evidence.awaiting import lower_triggers, raise_triggers
from nhipcau.evidence.guards import lower_guard, raise_guard


def let_go(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """A table written anew loses its triggers: take them down first."""
    if schema_editor.connection.vendor == "sqlite":
        lower_triggers(schema_editor.connection)
        lower_guard(schema_editor.connection)


def put_up(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """And put them up again."""
    if schema_editor.connection.vendor == "sqlite":
        raise_guard(schema_editor.connection)
        raise_triggers(schema_editor.connection)


class Migration(migrations.Migration):
    """One row replaces one, held by a constraint over those that do."""

    dependencies = [("evidence", "0007_keep_what_waits")]
    operations = [
        migrations.RunPython(let_go, put_up),
        migrations.AlterField(
            model_name="evidence",
            name="superseded_by",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="supersedes",
                to="evidence.evidence",
                verbose_name="replaced by",
            ),
        ),
        migrations.AddConstraint(
            model_name="evidence",
            constraint=models.UniqueConstraint(
                condition=models.Q(("superseded_by__isnull", False)),
                fields=("superseded_by",),
                name="evidence_replaces_one",
            ),
        ),
        migrations.RunPython(put_up, let_go),
    ]
