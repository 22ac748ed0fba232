"""A collection of documents that asked for a shared password asks to sign in; undone, the passwords do not come back."""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps


def ask_to_sign_in(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    kept = apps.get_model("wagtailcore", "CollectionViewRestriction").objects.filter(restriction_type="password")
    kept.update(restriction_type="login", password="")


class Migration(migrations.Migration):
    dependencies = [
        ("newsroom", "0011_rows_wagtail_begins_with"),
        ("wagtailcore", "0097_baselogentry_uuid_action_timestamp_indexes"),
    ]
    operations = [migrations.RunPython(ask_to_sign_in, migrations.RunPython.noop)]
