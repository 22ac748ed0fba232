"""Doubles are found by the words of the name: give every record kept before its key."""

from typing import Any

from django.db import migrations

from nhipcau.core import vietnamese


def write(apps: Any, schema_editor: Any) -> None:
    people = apps.get_model("parties", "Person")
    batch = []
    for person in (
        people.objects.filter(erased_at__isnull=True, name_key="").only("pk", "name").iterator(chunk_size=2000)
    ):
        person.name_key = " ".join(sorted(vietnamese.fold(person.name).split()))[:200]
        batch.append(person)
        if len(batch) == 2000:
            people.objects.bulk_update(batch, ["name_key"])
            batch = []
    people.objects.bulk_update(batch, ["name_key"])


def leave(apps: Any, schema_editor: Any) -> None:
    """The column itself goes with the migration before."""


class Migration(migrations.Migration):
    dependencies = [("parties", "0005_same_people")]
    operations = [migrations.RunPython(write, leave)]
