"""The first wording of the consent, so that registration works from the first day; staff replace it by a new version."""

from datetime import date
from typing import Any

from django.db import migrations

WORDING = (
    "Ban tổ chức dùng họ tên, đơn vị, chức vụ, số điện thoại và thư điện tử ghi ở trên cho việc mời, đón tiếp và thống "
    "kê lượt tham dự hoạt động này. Chỉ cán bộ phụ trách của các đơn vị tổ chức được xem. Thông tin được giữ 12 tháng sau "
    "hoạt động rồi xóa; Quý vị có thể yêu cầu xem, sửa hoặc xóa sớm hơn bất cứ lúc nào."
)
WORDING_EN = (
    "The organisers use the name, organisation, position, telephone number and e-mail address given above to invite and "
    "receive you and to count attendance at this event. Only the organisers' staff in charge see them. They are "
    "kept for 12 months after the event and then erased; you may ask to see, correct or erase them earlier at any time."
)


def write(apps: Any, schema_editor: Any) -> None:
    apps.get_model("attendance", "ConsentWording").objects.get_or_create(
        version=1,
        defaults={"wording": WORDING, "wording_en": WORDING_EN, "keep_months": 12, "first_day": date(2021, 11, 11)},
    )


def leave(apps: Any, schema_editor: Any) -> None:
    """Going back drops the tables themselves; what people agreed to is not taken away before."""


class Migration(migrations.Migration):
    dependencies = [("attendance", "0001_first_tables")]
    operations = [migrations.RunPython(write, leave)]
