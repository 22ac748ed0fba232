"""Rows Wagtail begins with get names staff can read, or go: its groups and its way of approval stand for nobody here.

Undone, the names come back; the groups and the workflow do not, since nothing of the product asks for them.
"""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

PAGE, COLLECTION = ("Root", "Nhịp Cầu"), ("Root", "Kho chung")
GROUPS = ("Editors", "Moderators")
WORKFLOW = "Moderators approval"


def name_them(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    _rename(apps, 0, 1)
    workflow, task = apps.get_model("wagtailcore", "Workflow"), apps.get_model("wagtailcore", "Task")
    workflow.objects.filter(name=WORKFLOW, workflow_states=None).delete()
    task.objects.filter(name=WORKFLOW, task_states=None, workflow_tasks=None).delete()
    apps.get_model("auth", "Group").objects.filter(name__in=GROUPS, user=None).delete()


def name_them_as_before(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    _rename(apps, 1, 0)


def _rename(apps: StateApps, before: int, after: int) -> None:
    page, collection = apps.get_model("wagtailcore", "Page"), apps.get_model("wagtailcore", "Collection")
    page.objects.filter(depth=1, title=PAGE[before]).update(title=PAGE[after], draft_title=PAGE[after])
    collection.objects.filter(depth=1, name=COLLECTION[before]).update(name=COLLECTION[after])


class Migration(migrations.Migration):
    dependencies = [
        ("newsroom", "0010_who_wrote_a_letter"),
        ("parties", "0001_first_tables"),
        ("wagtailcore", "0097_baselogentry_uuid_action_timestamp_indexes"),
    ]
    operations = [migrations.RunPython(name_them, name_them_as_before)]
