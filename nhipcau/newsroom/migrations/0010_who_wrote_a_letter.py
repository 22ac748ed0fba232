"""A letter may point at the record of the person who wrote it."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """Schema only; letters get the person when one asks for the own data."""

    dependencies = [("newsroom", "0009_notice_of_the_contact_form"), ("parties", "0008_keep_an_administrator")]
    operations = [
        migrations.AddField(
            model_name="enquiry",
            name="person",
            field=models.ForeignKey(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="parties.person",
                verbose_name="person",
            ),
        )
    ]
