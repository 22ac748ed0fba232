"""Every consent names its notice; the table of wordings is gone. Guests are found by address for their own data."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("attendance", "0007_wordings_become_notices")]
    operations = [
        migrations.RemoveField("consent", "wording"),
        migrations.AlterField(
            "consent",
            "notice",
            models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="privacy.notice",
                verbose_name="notice",
            ),
        ),
        migrations.DeleteModel("ConsentWording"),
        migrations.AlterField(
            "registration", "email", models.EmailField(blank=True, db_index=True, max_length=254, verbose_name="e-mail")
        ),
    ]
