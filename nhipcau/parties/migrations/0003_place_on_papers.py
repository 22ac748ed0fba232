"""A unit says itself which place stands before the date of its papers."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("parties", "0002_nationality_may_be_unknown")]

    operations = [
        migrations.AddField(
            model_name="organisation",
            name="place",
            field=models.CharField(
                blank=True,
                default="",
                help_text="As it stands before the date of a paper: “Thành phố Hồ Chí Minh, ngày …”.",
                max_length=80,
                verbose_name="place on papers",
            ),
            preserve_default=False,
        ),
    ]
