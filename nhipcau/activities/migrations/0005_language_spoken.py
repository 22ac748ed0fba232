"""Activities say in which language they are held; those there are, in Vietnamese."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Schema only."""

    dependencies = [("activities", "0004_titles_to_be_found_by")]
    operations = [
        migrations.AddField(
            model_name="activity",
            name="language",
            field=models.CharField(
                choices=[
                    ("vi", "Vietnamese"),
                    ("vi-en", "Vietnamese, interpreted into English"),
                    ("en", "English"),
                    ("en-vi", "English, interpreted into Vietnamese"),
                ],
                default="vi",
                max_length=5,
                verbose_name="language spoken",
            ),
        )
    ]
