"""Documents that published articles offer, a row each."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """A table."""

    dependencies = [("newsroom", "0005_labels_of_blocks")]
    operations = [
        migrations.CreateModel(
            "Offered",
            [
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "article",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="offered",
                        to="newsroom.article",
                        verbose_name="article",
                    ),
                ),
                (
                    "document",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="newsroom.download",
                        verbose_name="document",
                    ),
                ),
            ],
            options={
                "verbose_name": "document of an article",
                "verbose_name_plural": "documents of articles",
                "constraints": [models.UniqueConstraint(fields=["article", "document"], name="offered_once")],
            },
        ),
    ]
