"""Titles of activities and names of their speakers stand apart in the search table."""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from nhipcau.core.search import Text, entitle


def fill(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """For everything there is."""
    activities = apps.get_model("activities", "Activity").objects.iterator(500)
    entitle(
        apps,
        "activities.activity",
        ((row.pk, Text(title=(row.title, row.title_en), moment=row.starts_at)) for row in activities),
    )
    speakers = apps.get_model("activities", "Speaker").objects.select_related("activity").iterator(500)
    entitle(
        apps,
        "activities.speaker",
        (
            (
                row.pk,
                Text(title=(row.name,), body=(row.position, row.position_en), moment=row.activity.starts_at),
            )
            for row in speakers
        ),
    )


class Migration(migrations.Migration):
    """Data only; what is found stays as it is when taken back."""

    dependencies = [("activities", "0003_seed_kinds_of_activity"), ("core", "0009_titles_and_trigrams")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
