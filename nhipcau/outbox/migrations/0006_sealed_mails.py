from typing import Any

from django.db import migrations, models
from django.db.models import Q

#: Mails with a link into an account or to somebody's own data; until here they were as any other.
CAUSES = ("account:", "account-link:", "data-link:")


def seal(apps: Any, schema_editor: Any) -> None:
    """Those there are; what went out is emptied, as it is from here on."""
    causes = Q()
    for cause in CAUSES:
        causes |= Q(key__startswith=cause)
    mails = apps.get_model("outbox", "Message").objects.using(schema_editor.connection.alias).filter(causes)
    mails.update(sealed=True)
    mails.filter(state__in=["sent", "kept"]).update(body="—", attachment=None)


class Migration(migrations.Migration):
    dependencies = [
        ("outbox", "0005_record_a_mail_is_about"),
    ]

    operations = [
        migrations.AddField(
            model_name="message",
            name="sealed",
            field=models.BooleanField(default=False, editable=False, verbose_name="sealed"),
        ),
        migrations.RunPython(seal, migrations.RunPython.noop, elidable=True),
    ]
