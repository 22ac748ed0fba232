"""What published articles offer, and their headlines, stand in the search table with titles apart."""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from nhipcau.core.search import Text, entitle


def fill(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """For every article that is published."""
    offered, downloads = apps.get_model("newsroom", "Offered"), apps.get_model("newsroom", "Download")
    live = apps.get_model("newsroom", "Article").objects.filter(live=True, published_at__isnull=False)
    rows = live.select_related("locale")
    entitle(
        apps,
        "newsroom.article",
        (
            (row.pk, Text((row.title,), (row.lead,), row.locale.language_code, row.published_at))
            for row in rows.iterator(100)
        ),
    )
    for row in rows.iterator(100):
        wanted = {block["value"] for block in row.body.raw_data if block["type"] == "document"}
        for document in downloads.objects.filter(pk__in=[key for key in wanted if key]).order_by("pk"):
            made = offered.objects.create(article=row, document=document)
            name = document.file.name.rpartition("/")[2]
            text = Text((document.title,), (name, row.title), row.locale.language_code, row.published_at)
            entitle(apps, "newsroom.document", [(made.pk, text)])


class Migration(migrations.Migration):
    """Data only; what is found stays as it is when taken back."""

    dependencies = [("newsroom", "0006_what_articles_offer"), ("core", "0009_titles_and_trigrams")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
