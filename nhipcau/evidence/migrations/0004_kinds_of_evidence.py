"""The kinds of evidence an indicator can count: names, units, what they stand for, dimensions with the values offered."""

from typing import Any

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

YES_NO = ["yes", "no"]
ANY: list[str] = []  # a register of the product (topics, audiences …) or a key of one's own
OUTLETS = ["print", "online", "radio", "tv", "foreign"]
LANGUAGES = ["vi", "en", "zh", "ja", "ko", "fr"]
SEXES = ["female", "male"]
NATIONALITIES = ["vn", "foreign"]
PRODUCTS = ["article", "video", "infographic", "publication"]
CHANNELS = ["website", "social", "video", "broadcast"]
OF_ACTIVITY = {"topic": ANY, "pillar": ANY, "area": ANY, "kind": ANY}

# key, by hand, (name, unit, hint) in Vietnamese, the same in English, dimensions, smallest and largest quantity
KINDS: list[tuple[str, bool, tuple[str, str, str], tuple[str, str, str], dict[str, list[str]], int | None, int | None]] = [
    (
        "activity.held", False,
        ("Hoạt động đã tổ chức", "hoạt động", "Mỗi hoạt động một bản ghi, khi đơn vị chủ trì xác nhận đã diễn ra."),
        ("Activity held", "activities", "One record an activity, once the lead unit has confirmed that it took place."),
        {"audience": ANY, "mode": ["onsite", "online", "hybrid"]}, 0, None,
    ),
    (
        "activity.closed", False,
        ("Hồ sơ hoạt động đã hoàn tất", "hồ sơ", "Đúng hạn nếu hoàn tất trong 07 ngày sau ngày kết thúc theo kế hoạch ban đầu."),
        ("Activity file closed", "files", "On time within seven days after the end as it was first planned."),
        {"on_time": YES_NO, "audience": ANY}, 0, None,
    ),
    (
        "attendance.checkin", False,
        ("Lượt tham dự", "lượt", "Mỗi người một lượt cho một hoạt động, ghi nhận tại bàn đón tiếp."),
        ("Attendance", "attendances", "One for each person and activity, recorded at the reception desk."),
        {"audience": ANY, "mode": ["onsite", "online"], "sex": SEXES, "nationality": NATIONALITIES}, 0, None,
    ),
    (
        "attendance.signed_list", False,
        ("Danh sách ký nhận", "chữ ký", "Danh sách có chữ ký của người dự, quét lại sau hoạt động; số lượng là số chữ ký."),
        ("Signed list", "signatures", "The list signed by those present, scanned afterwards; its quantity is the signatures."),
        {}, 0, None,
    ),
    (
        "press.notice", True,
        ("Thông báo họp báo đã gửi", "thông báo", "Văn bản gửi cơ quan quản lý báo chí; đúng hạn nếu gửi trước ít nhất 24 giờ."),
        ("Press-conference notice filed", "notices", "The paper sent to the press authority; on time at least 24 hours before."),
        {"on_time": YES_NO}, 0, None,
    ),
    (
        "press.outlet_attendance", True,
        ("Cơ quan báo chí dự họp báo", "lượt cơ quan", "Mỗi cơ quan báo chí một lượt cho một cuộc họp báo, dù cử nhiều phóng viên."),
        ("Outlet at a press conference", "outlet attendances", "Each outlet once for each press conference, however many reporters it sends."),
        {"outlet_kind": OUTLETS}, 0, None,
    ),
    (
        "press.item", True,
        ("Tin, bài đã đăng, phát", "tin, bài", "Tin, bài của các cơ quan báo chí về hoạt động; bản đăng lại không tính thêm."),
        ("Published item", "items", "What the press published about an activity; reprints are not counted again."),
        {"outlet_kind": OUTLETS, "language": LANGUAGES, "key_message": YES_NO}, 0, None,
    ),
    (
        "promotion.scheme", True,
        ("Đề án, chương trình được quảng bá", "đề án, chương trình", "Có ít nhất một sản phẩm truyền thông về đề án, chương trình đã phát hành."),
        ("Scheme promoted", "schemes", "At least one communication product about the scheme or programme was issued."),
        {"scheme": ANY}, 0, None,
    ),
    (
        "promotion.product", True,
        ("Sản phẩm truyền thông", "sản phẩm", "Bài viết, video, đồ họa hoặc ấn phẩm đã phát hành trên kênh của các đơn vị."),
        ("Communication product", "products", "An article, video, graphic or publication issued on the units' channels."),
        {"product": PRODUCTS, "scheme": ANY}, 0, None,
    ),
    (
        "promotion.reach", True,
        ("Lượt tiếp cận", "lượt", "Lượt xem, nghe theo công cụ thống kê của từng kênh; ngày là ngày đọc số."),
        ("Reach", "contacts", "Views and listens by each channel's own statistics; the day is the day they were read."),
        {"channel": CHANNELS}, 0, None,
    ),
    (
        "conference.dossier", True,
        ("Hồ sơ xin phép hội nghị, hội thảo quốc tế", "hồ sơ", "Đúng hạn nếu nộp trước ngày khai mạc ít nhất 30 ngày."),
        ("Conference permission dossier", "dossiers", "On time if filed at least 30 days before the opening."),
        {"on_time": YES_NO}, 0, None,
    ),
    (
        "conference.report", True,
        ("Báo cáo kết quả hội nghị, hội thảo quốc tế", "báo cáo", "Đúng hạn nếu gửi trong 15 ngày kể từ ngày bế mạc."),
        ("Post-conference report", "reports", "On time if sent within 15 days after the closing."),
        {"on_time": YES_NO}, 0, None,
    ),
    (
        "survey.score", True,
        ("Điểm khảo sát ý kiến", "điểm", "Mỗi phiếu hợp lệ một bản ghi; số lượng là điểm hài lòng chung, từ 1 đến 5."),
        ("Survey score", "points", "One record a valid answer; its quantity is the overall satisfaction, from 1 to 5."),
        {"question": ["delegate", "trainee"], "audience": ANY}, 1, 5,
    ),
    (
        "survey.intent", True,
        ("Dự định hành động sau chương trình", "phiếu", "Phiếu có nêu được một việc cụ thể sẽ làm sau chương trình hay không."),
        ("Intended action", "answers", "Whether the answer names one concrete thing the person will do afterwards."),
        {"answer": YES_NO, "audience": ANY}, 0, None,
    ),
    (
        "contact.made", True,
        ("Kết nối hợp tác", "kết nối", "Hai bên có tên đồng ý trao đổi tiếp, ghi lại trong 30 ngày sau hoạt động."),
        ("Cooperation contact", "contacts", "Two named sides agree to go on talking, noted within 30 days of the activity."),
        {}, 0, None,
    ),
    (
        "training.completed", True,
        ("Học viên hoàn thành khóa", "học viên", "Dự ít nhất 80% thời lượng và làm bài kiểm tra cuối khóa."),
        ("Trainee completed", "trainees", "Attended at least 80% of the hours and sat the final test."),
        {"audience": ANY, "sex": SEXES}, 0, None,
    ),
    (
        "training.gain", True,
        ("Mức tăng điểm kiến thức", "điểm", "Điểm cuối khóa trừ điểm đầu khóa của một học viên làm cả hai bài, thang 100."),
        ("Knowledge gain", "points", "Final less first test of one trainee who sat both, out of 100."),
        {"audience": ANY}, -100, 100,
    ),
    (
        "training.applied", True,
        ("Áp dụng sau 03 tháng", "phiếu", "Học viên trả lời sau 03 tháng đã áp dụng kỹ năng hay chưa, có ví dụ."),
        ("Applied after three months", "answers", "Whether a trainee, three months on, has used the skill, with an example."),
        {"answer": YES_NO, "audience": ANY}, 0, None,
    ),
    (
        "finance.estimate", True,
        ("Dự toán hoạt động", "đồng", "Tự ghi khi hoàn tất hồ sơ; hoạt động dài ngày có thể khai trước phần của từng giai đoạn."),
        ("Activity estimate", "VND", "Written when the file is closed; a long activity may declare its part of a phase before."),
        {}, 0, None,
    ),
    (
        "finance.spent", True,
        ("Kinh phí đã chi", "đồng", "Theo chứng từ kế toán; tự ghi khi hoàn tất hồ sơ, phần đã khai trước được trừ ra."),
        ("Spending", "VND", "By the accounting papers; written when the file is closed, less what was declared before."),
        {}, 0, None,
    ),
    (
        "report.sent", False,
        ("Báo cáo đã gửi cơ quan chủ quản", "báo cáo", "Mỗi báo cáo gửi một cơ quan một bản ghi, khi văn thư cập nhật số và ngày ban hành."),
        ("Report sent to a department", "reports", "One record for each report and department, once the records office has entered number and date."),
        {"on_time": YES_NO, "department": ANY}, 0, None,
    ),
]  # fmt: skip


def _rows() -> list[dict[str, Any]]:
    return [
        {
            "slug": key,
            "order": order,
            "by_hand": by_hand,
            "name": vi[0],
            "unit": vi[1],
            "hint": vi[2],
            "name_en": en[0],
            "unit_en": en[1],
            "hint_en": en[2],
            "dimensions": dimensions | OF_ACTIVITY,
            "least": least,
            "most": most,
        }
        for order, (key, by_hand, vi, en, dimensions, least, most) in enumerate(KINDS, start=1)
    ]


def put(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Write the kinds, or bring those that are there up to date."""
    from nhipcau.core.models import fingerprint

    kinds = apps.get_model("evidence", "EvidenceKind").objects.using(schema_editor.connection.alias)
    for row in _rows():
        english_of = {name: fingerprint(row[name]) for name in ("name", "unit", "hint")}
        kinds.update_or_create(slug=row["slug"], defaults=row | {"english_of": english_of})


def take(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Take away the kinds nothing was recorded under."""
    evidence = apps.get_model("evidence", "Evidence").objects.using(schema_editor.connection.alias)
    kinds = apps.get_model("evidence", "EvidenceKind").objects.using(schema_editor.connection.alias)
    kinds.filter(slug__in=[key for key, *_rest in KINDS]).exclude(slug__in=evidence.values("kind")).delete()


class Migration(migrations.Migration):
    """Twenty-one kinds."""

    dependencies = [("evidence", "0003_bounds_and_quicker_counting")]
    operations = [migrations.RunPython(put, take)]
