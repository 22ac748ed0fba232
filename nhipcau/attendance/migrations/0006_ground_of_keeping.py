"""Consents name their notice, ground and channel, and for a child the guardian; the old wording stays until it is moved."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

CHANNELS = [
    ("self", "registered online"),
    ("phone", "by telephone"),
    ("zalo", "by Zalo"),
    ("letter", "by letter or e-mail"),
    ("desk", "at the reception desk"),
]


class Migration(migrations.Migration):
    dependencies = [
        ("attendance", "0005_number_the_links"),
        ("privacy", "0002_first_notices_and_periods"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        migrations.AddField(
            "consent",
            "notice",
            models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="privacy.notice",
                verbose_name="notice",
            ),
        ),
        migrations.AddField(
            "consent",
            "basis",
            models.CharField(
                choices=[
                    ("agreed", "agreed on the form"),
                    ("told", "agreed when told by staff"),
                    ("duty", "invited by the unit in its task, without consent"),
                ],
                default="agreed",
                max_length=8,
                verbose_name="ground",
            ),
        ),
        migrations.AddField(
            "consent",
            "channel",
            models.CharField(choices=CHANNELS, default="self", max_length=8, verbose_name="channel"),
        ),
        migrations.AddField(
            "consent",
            "recorded_by",
            models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="recorded by",
            ),
        ),
        migrations.AddField(
            "consent",
            "guardian_name",
            models.CharField(blank=True, max_length=120, verbose_name="parent or guardian"),
        ),
        migrations.AddField(
            "consent",
            "guardian_phone",
            models.CharField(blank=True, max_length=20, verbose_name="guardian's mobile number"),
        ),
        migrations.AddField(
            "consent", "withdrawn_at", models.DateTimeField(blank=True, null=True, verbose_name="withdrawn at")
        ),
        migrations.AlterField(
            "consent",
            "wording",
            models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="attendance.consentwording",
                verbose_name="wording",
            ),
        ),
    ]
