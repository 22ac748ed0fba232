"""Names of clauses, and those who signed or attended the signing, stand in the search table with titles apart."""

from datetime import datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from nhipcau.core.search import Text, entitle


def _moment(agreement: Any) -> datetime:
    return datetime.combine(agreement.signed_on, time(), tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))


def fill(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """For everything there is."""
    clauses = apps.get_model("agreements", "Clause").objects.select_related("agreement").iterator(500)
    texts = (
        (
            row.pk,
            Text((row.name, row.name_en), (row.wording, row.wording_en), moment=_moment(row.agreement)),
        )
        for row in clauses
    )
    entitle(apps, "agreements.clause", texts)
    signatories = apps.get_model("agreements", "Signatory").objects.filter(person__erased_at=None)
    texts = (
        (
            row.pk,
            Text(
                (row.person.name,),
                (
                    row.position,
                    row.position_en,
                    row.party.organisation.name,
                    row.party.organisation.name_en,
                    row.party.organisation.abbreviation,
                ),
                moment=_moment(row.party.agreement),
            ),
        )
        for row in signatories.select_related("person", "party__agreement", "party__organisation").iterator(500)
    )
    entitle(apps, "agreements.signatory", texts)
    officials = apps.get_model("agreements", "AttendingOfficial").objects.filter(person__erased_at=None)
    texts = (
        (row.pk, Text((row.person.name,), (row.position, row.position_en), moment=_moment(row.agreement)))
        for row in officials.select_related("person", "agreement").iterator(500)
    )
    entitle(apps, "agreements.official", texts)


class Migration(migrations.Migration):
    """Data only; what is found stays as it is when taken back."""

    dependencies = [("agreements", "0001_first_tables"), ("core", "0009_titles_and_trigrams")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
