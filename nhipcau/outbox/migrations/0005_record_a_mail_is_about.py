import re
from typing import Any

from django.db import migrations, models

BATCH = 2000
#: Until here a mail's cause alone told what it was about.
CAUSES = (
    (re.compile(r"^(?:ticket|waiting|cancelled):(\d+)(?::\d+)?$"), "attendance.registration"),
    (re.compile(r"^(?:moved|called-off|restored):\d+:\d+:(\d+)$"), "attendance.registration"),
    (re.compile(r"^data-request:(\d+):"), "privacy.request"),
    (re.compile(r"^data-link:(\d+)$"), "privacy.access"),
    (re.compile(r"^enquiry:(\d+):"), "newsroom.enquiry"),
)


def about(key: str) -> str:
    """The record a mail of this cause is about; nothing for the others."""
    found = ((cause.match(key), label) for cause, label in CAUSES)
    return next((f"{label}:{match[1]}" for match, label in found if match), "")


def write_about(apps: Any, schema_editor: Any) -> None:
    """Every mail there is, by batches."""
    Message = apps.get_model("outbox", "Message")
    mails = Message.objects.using(schema_editor.connection.alias).order_by("pk")
    last = 0
    while batch := list(mails.filter(pk__gt=last).only("pk", "key")[:BATCH]):
        last = batch[-1].pk
        named = []
        for mail in batch:
            mail.about = about(mail.key)
            if mail.about:
                named.append(mail)
        mails.bulk_update(named, ["about"], batch_size=250)


class Migration(migrations.Migration):
    dependencies = [
        ("outbox", "0004_mails_in_the_order_of_their_list"),
    ]

    operations = [
        migrations.AddField(
            model_name="message",
            name="about",
            field=models.CharField(blank=True, default="", editable=False, max_length=80, verbose_name="about"),
            preserve_default=False,
        ),
        migrations.RunPython(write_about, migrations.RunPython.noop, elidable=True),
        migrations.AddIndex(
            model_name="message",
            index=models.Index(fields=["about"], name="outbox_about"),
        ),
    ]
