from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("outbox", "0003_sender_of_a_mail"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="message",
            index=models.Index(fields=["agreement", "-created_at", "-id"], name="outbox_list"),
        ),
        migrations.AddIndex(
            model_name="message",
            index=models.Index(fields=["agreement", "state", "-created_at", "-id"], name="outbox_by_state"),
        ),
    ]
