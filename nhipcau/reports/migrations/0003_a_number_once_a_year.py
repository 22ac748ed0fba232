"""A unit gives a number once a year; the database keeps it so."""

from django.apps.registry import Apps as StateApps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models.functions import ExtractYear


def fill(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """The year of issues recorded before."""
    apps.get_model("reports", "Issue").objects.update(year=ExtractYear("issued_on"))


class Migration(migrations.Migration):
    dependencies = [("reports", "0002_places_and_reasons")]

    operations = [
        migrations.AddField(
            model_name="issue",
            name="year",
            field=models.PositiveSmallIntegerField(default=0, editable=False, verbose_name="year of issue"),
            preserve_default=False,
        ),
        migrations.RunPython(fill, migrations.RunPython.noop, elidable=True),
        migrations.AddConstraint(
            model_name="issue",
            constraint=models.UniqueConstraint(
                fields=["organisation", "year", "number", "symbol"],
                name="issue_number_once_a_year",
                violation_error_message="This number was already given to another paper of this unit this year.",
            ),
        ),
    ]
