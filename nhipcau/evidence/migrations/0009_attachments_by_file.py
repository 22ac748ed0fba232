from django.db import migrations, models


class Migration(migrations.Migration):
    """Whether a row names a stored file is asked after each upload."""

    dependencies = [("evidence", "0008_no_index_over_what_nothing_replaced")]
    operations = [
        migrations.AddIndex(
            model_name="attachment",
            index=models.Index(fields=["file"], name="evidence_attached"),
        ),
    ]
