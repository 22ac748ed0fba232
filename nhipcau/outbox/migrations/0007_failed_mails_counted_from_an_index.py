from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("agreements", "0002_names_to_be_found_by"),
        ("outbox", "0006_sealed_mails"),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="message",
            name="outbox_by_state",
        ),
        migrations.AddIndex(
            model_name="message",
            index=models.Index(fields=["agreement", "state", "-created_at", "-id", "to"], name="outbox_by_state"),
        ),
    ]
