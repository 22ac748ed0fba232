"""What guests agreed to moves into the register of notices, version by version; nobody's consent changes."""

from typing import Any

from django.db import migrations


def move(apps: Any, schema_editor: Any) -> None:
    notices = apps.get_model("privacy", "Notice").objects
    consents = apps.get_model("attendance", "Consent").objects
    first = notices.get(form="registration", version=1)
    for old in apps.get_model("attendance", "ConsentWording").objects.order_by("version"):
        notice = notices.filter(form="registration", version=old.version).first() or first
        if notice.version != old.version:
            notice.pk, notice.version = None, old.version
        notice.wording, notice.wording_en = old.wording, old.wording_en
        notice.keep_months, notice.first_day = old.keep_months, old.first_day
        notice.save()
        consents.filter(wording=old).update(notice=notice)
        first = notices.get(form="registration", version=1)
    for channel in ("phone", "zalo", "letter", "desk"):
        consents.filter(registration__channel=channel).update(channel=channel)


def back(apps: Any, schema_editor: Any) -> None:
    wordings = apps.get_model("attendance", "ConsentWording").objects
    consents = apps.get_model("attendance", "Consent").objects
    for notice in apps.get_model("privacy", "Notice").objects.filter(form="registration"):
        old, _new = wordings.get_or_create(
            version=notice.version,
            defaults={
                "wording": notice.wording,
                "wording_en": notice.wording_en,
                "keep_months": notice.keep_months,
                "first_day": notice.first_day,
            },
        )
        consents.filter(notice=notice).update(wording=old)
    # Before, nothing was noted where no form had been agreed to.
    consents.filter(wording__isnull=True).delete()


class Migration(migrations.Migration):
    dependencies = [("attendance", "0006_ground_of_keeping")]
    operations = [migrations.RunPython(move, back)]
