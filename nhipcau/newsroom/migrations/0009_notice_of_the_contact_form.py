"""What the form for letters to the editors tells; data that staff go on with."""

import hashlib
from datetime import date
from typing import Any

from django.db import migrations

NOTICE: dict[str, Any] = {
    "form": "contact",
    "version": 1,
    "order": 90,
    "title": "Thư gửi Ban Biên tập",
    "title_en": "Letters to the editors",
    "collects": "Họ tên, thư điện tử, nội dung thư; tên cơ quan báo chí nếu Quý vị cho biết",
    "collects_en": "Name, e-mail address and the letter; the news organisation if you name it",
    "purpose": "Xem xét, đính chính bài viết và trả lời Quý vị",
    "purpose_en": "To look into it, correct the article and answer you",
    "ground": "duty",
    "keep_months": 12,
    "keep_from": "answer",
    "seen_by": "Biên tập viên, Trưởng Ban Biên tập và Giám đốc đơn vị phụ trách",
    "seen_by_en": "The editors, the head of the editorial board and the director of the unit in charge",
    "wording": "Họ tên và thư điện tử chỉ dùng để xem xét và trả lời thư này, chỉ Ban Biên tập và Giám đốc đơn vị phụ trách được xem, "
    "giữ 12 tháng sau khi trả lời rồi xóa. Quý vị có thể yêu cầu xem, sửa hoặc xóa sớm hơn bất cứ lúc nào.",
    "wording_en": "Your name and e-mail address are used only to look into this letter and answer it; only the editors and the director of "
    "the unit in charge see them. They are kept for 12 months after the answer and then erased; you may ask to see, correct or erase "
    "them earlier at any time.",
    "first_day": date(2021, 11, 11),
    "is_sample": True,
}
PAIRS = ("title", "collects", "purpose", "seen_by", "wording")


def write(apps: Any, schema_editor: Any) -> None:
    """The first version, unless the unit has one of its own."""
    notices = apps.get_model("privacy", "Notice").objects
    if not notices.filter(form="contact").exists():
        english_of = {name: hashlib.sha256(NOTICE[name].encode()).hexdigest()[:12] for name in PAIRS}
        notices.create(**NOTICE, english_of=english_of)


def leave(apps: Any, schema_editor: Any) -> None:
    """Units may have gone on with it."""


class Migration(migrations.Migration):
    dependencies = [("newsroom", "0008_letters_to_the_editors"), ("privacy", "0002_first_notices_and_periods")]
    operations = [migrations.RunPython(write, leave)]
