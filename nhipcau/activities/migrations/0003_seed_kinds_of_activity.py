"""Seed the kinds of activity with what their guests are called and what to prepare."""

from typing import Any

from django.db import migrations

# slug, Vietnamese, English, guests, checklist as (Vietnamese, English)
KINDS = [
    ("press_conference", "Họp báo", "Press conference", "reporters", [
        ("Thông báo họp báo gửi cơ quan quản lý báo chí", "Notice of the conference to the press authority"),
        ("Giấy mời phóng viên, danh sách cơ quan báo chí", "Invitations to reporters, list of outlets"),
        ("Tài liệu báo chí, thông cáo tiếng Việt và tiếng Anh", "Press kit, release in Vietnamese and English"),
        ("Người chủ trì, người phát ngôn, phiên dịch", "Chair, spokesperson, interpreter"),
        ("Micro, âm thanh, chỗ đặt máy quay, đường truyền", "Microphones, sound, room for cameras, connection"),
    ]),
    ("training_course", "Khóa bồi dưỡng", "Training course", "trainees", [
        ("Chương trình và tài liệu học tập", "Syllabus and course papers"),
        ("Giảng viên, báo cáo viên xác nhận lịch", "Trainers have confirmed"),
        ("Thông báo chiêu sinh, danh sách cử đi học", "Call for trainees, list of nominations"),
        ("Bài kiểm tra đầu khóa, cuối khóa", "Tests at the start and the end"),
        ("Danh sách ký nhận từng buổi", "Sign-in sheet for each lesson"),
    ]),
    ("talkshow", "Talkshow", "Talk show", "guests", [
        ("Diễn giả và người dẫn chương trình xác nhận", "Speakers and presenter have confirmed"),
        ("Kịch bản chương trình", "Run sheet"),
        ("Sân khấu, âm thanh, ghi hình, phát trực tuyến", "Stage, sound, recording, live stream"),
        ("Phiếu khảo sát ý kiến", "Feedback form"),
    ]),
    ("panel", "Tọa đàm", "Panel discussion", "delegates", [
        ("Diễn giả và người điều phối xác nhận", "Speakers and moderator have confirmed"),
        ("Câu hỏi gợi mở theo chủ đề", "Opening questions on the topic"),
        ("Giấy mời, danh sách đại biểu", "Invitations, list of delegates"),
        ("Phòng họp, bảng tên, tài liệu", "Room, name plates, papers"),
        ("Phiếu khảo sát ý kiến", "Feedback form"),
    ]),
    ("international_conference", "Hội nghị, hội thảo quốc tế", "International conference", "delegates", [
        ("Hồ sơ xin phép tổ chức hội nghị, hội thảo quốc tế", "Dossier for permission to hold the conference"),
        ("Danh sách đại biểu quốc tế, thị thực, đón tiếp", "Foreign delegates, visas, reception"),
        ("Phiên dịch, thiết bị dịch", "Interpreters and their equipment"),
        ("Thứ tự lễ tân, sơ đồ chỗ ngồi, quốc kỳ", "Protocol order, seating, flags"),
        ("Báo cáo kết quả trong 15 ngày sau bế mạc", "Report within 15 days of the closing"),
    ]),
    ("domestic_event", "Sự kiện trong nước", "Domestic event", "delegates", [
        ("Kế hoạch và phân công", "Plan and assignments"),
        ("Giấy mời, danh sách đại biểu", "Invitations, list of delegates"),
        ("Địa điểm, âm thanh, trang trí", "Venue, sound, decoration"),
        ("Thông tin báo chí", "Information for the press"),
    ]),
    ("exchange", "Giao lưu, gặp gỡ", "Exchange meeting", "guests", [
        ("Thành phần hai bên, người chủ trì", "Who comes from each side, who chairs"),
        ("Nội dung trao đổi", "Subjects"),
        ("Phiên dịch, tặng phẩm", "Interpreter, gifts"),
    ]),
    ("promotion_campaign", "Chương trình truyền thông", "Communication campaign", "guests", [
        ("Thông điệp chính, đối tượng", "Key messages, audience"),
        ("Danh mục sản phẩm và lịch phát hành", "Products and when they are issued"),
        ("Kênh phát hành, cách đo lượt tiếp cận", "Channels, and how reach is measured"),
    ]),
    ("press_tour", "Chuyến đi thực tế báo chí (press tour)", "Press tour", "reporters", [
        ("Lịch trình, nơi đến đã đồng ý tiếp", "Itinerary, hosts have agreed"),
        ("Danh sách phóng viên, thẻ tác nghiệp", "List of reporters, accreditation"),
        ("Xe, bảo hiểm, người hướng dẫn", "Vehicle, insurance, guide"),
    ]),
    ("coordination", "Họp Tổ điều phối", "Coordination meeting", "delegates", [
        ("Chương trình họp, tài liệu gửi trước", "Agenda, papers sent beforehand"),
        ("Kết luận và phân công sau họp", "Conclusions and assignments afterwards"),
    ]),
    ("review", "Họp sơ kết, tổng kết", "Review meeting", "delegates", [
        ("Số liệu đã chốt của giai đoạn", "Frozen figures of the phase"),
        ("Dự thảo báo cáo gửi hai bên", "Draft report to both sides"),
        ("Biên bản, kết luận", "Minutes, conclusions"),
    ]),
]  # fmt: skip


def seed(apps: Any, schema_editor: Any) -> None:
    """Add the kinds that are not there yet."""
    kind_model = apps.get_model("activities", "ActivityKind")
    for order, (slug, name, name_en, guests, checklist) in enumerate(KINDS, start=1):
        kind_model.objects.get_or_create(
            slug=slug,
            defaults={
                "name": name,
                "name_en": name_en,
                "order": order,
                "guests": guests,
                "checklist": [{"vi": vi, "en": en} for vi, en in checklist],
            },
        )


class Migration(migrations.Migration):
    dependencies = [("activities", "0002_remember_last_change_and_reopening")]

    # Going back keeps the rows: activities may point to them.
    operations = [migrations.RunPython(seed, migrations.RunPython.noop)]
