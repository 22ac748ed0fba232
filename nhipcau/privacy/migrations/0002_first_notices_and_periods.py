"""What the forms of the first release tell, and the periods of the law; both are data that staff go on with."""

from datetime import date
from typing import Any

from django.db import migrations

SIGNED = date(2021, 11, 11)
GUESTS = (
    "Cán bộ phụ trách và bàn đón tiếp của các đơn vị tổ chức; cơ quan chủ quản chỉ xem số liệu tổng hợp",
    "Officers in charge and reception desks of the organising units; departments above see totals only",
)
NOTICES: list[dict[str, Any]] = [
    {
        "form": "registration",
        "order": 10,
        "title": "Phiếu đăng ký tham dự",
        "title_en": "Registration for an activity",
        "collects": "Họ tên, đơn vị, chức vụ, số điện thoại di động; thư điện tử và quốc tịch nếu Quý vị cho biết; việc đến dự và giờ đến",
        "collects_en": "Full name, organisation, position, mobile number; e-mail and nationality if you give them; whether and when you came",
        "purpose": "Mời, đón tiếp, báo thay đổi và thống kê lượt tham dự",
        "purpose_en": "To invite and receive you, tell you of changes, and count attendance",
        "ground": "consent",
        "keep_months": 12,
        "seen_by": GUESTS[0],
        "seen_by_en": GUESTS[1],
        "wording": "Ban tổ chức dùng họ tên, đơn vị, chức vụ, số điện thoại và thư điện tử ghi ở trên cho việc mời, đón tiếp và thống "
        "kê lượt tham dự hoạt động này. Chỉ cán bộ phụ trách của các đơn vị tổ chức được xem. Thông tin được giữ 12 tháng sau "
        "hoạt động rồi xóa; Quý vị có thể yêu cầu xem, sửa hoặc xóa sớm hơn bất cứ lúc nào.",
        "wording_en": "The organisers use the name, organisation, position, telephone number and e-mail address given above to invite and "
        "receive you and to count attendance at this event. Only the organisers' staff in charge see them. They are "
        "kept for 12 months after the event and then erased; you may ask to see, correct or erase them earlier at any time.",
    },
    {
        "form": "child",
        "order": 20,
        "title": "Phiếu đăng ký cho trẻ em, học sinh",
        "title_en": "Registration of a child or pupil",
        "collects": "Họ tên, trường hoặc đơn vị của trẻ; họ tên và số điện thoại của cha, mẹ hoặc người giám hộ; việc đến dự và giờ đến",
        "collects_en": "The child's full name and school or organisation; name and number of the parent or guardian; whether and when the child came",
        "purpose": "Mời, đón tiếp, liên hệ với gia đình khi cần và thống kê lượt tham dự",
        "purpose_en": "To invite and receive the child, reach the family where needed, and count attendance",
        "ground": "consent",
        "keep_months": 12,
        "seen_by": GUESTS[0],
        "seen_by_en": GUESTS[1],
        "wording": "Cha, mẹ hoặc người giám hộ đồng ý thay cho trẻ; trẻ từ đủ 7 tuổi đã được hỏi và cũng đồng ý. Ban tổ chức dùng thông tin "
        "của trẻ và của người giám hộ cho việc mời, đón tiếp, liên hệ với gia đình và thống kê lượt tham dự hoạt động này, giữ 12 "
        "tháng sau hoạt động rồi xóa. Người giám hộ có thể yêu cầu xem, sửa, xóa hoặc rút lại sự đồng ý bất cứ lúc nào.",
        "wording_en": "The parent or guardian consents in the child's place; a child of seven or more was asked and agrees too. The organisers "
        "use the child's and the guardian's details to invite and receive the child, to reach the family and to count attendance at "
        "this event, keep them for 12 months after it and then erase them. The guardian may ask to see, correct or erase them, or "
        "withdraw the consent, at any time.",
    },
    {
        "form": "substitute",
        "order": 30,
        "title": "Cử người đi thay",
        "title_en": "Naming a substitute",
        "collects": "Họ tên, chức vụ, số điện thoại di động của người đi thay; thư điện tử nếu có",
        "collects_en": "The substitute's full name, position and mobile number; e-mail if there is one",
        "purpose": "Chuyển chỗ và đón tiếp người đi thay, thống kê lượt tham dự",
        "purpose_en": "To pass the seat on, receive the substitute, and count attendance",
        "ground": "consent",
        "keep_months": 12,
        "seen_by": GUESTS[0],
        "seen_by_en": GUESTS[1],
        "wording": "Người đi thay được biết và đồng ý: ban tổ chức dùng họ tên, chức vụ, số điện thoại và thư điện tử ghi ở trên để đón tiếp "
        "và thống kê lượt tham dự hoạt động này, giữ 12 tháng sau hoạt động rồi xóa; người đi thay có thể yêu cầu xem, sửa hoặc xóa "
        "sớm hơn bất cứ lúc nào.",
        "wording_en": "The substitute knows and agrees that the organisers use the name, position, number and e-mail given above to receive "
        "the substitute and to count attendance at this event, keep them for 12 months after it and then erase them; the substitute "
        "may ask to see, correct or erase them earlier at any time.",
    },
    {
        "form": "on_behalf",
        "order": 40,
        "title": "Khách do cán bộ ghi giúp",
        "title_en": "Guests entered by staff",
        "collects": "Họ tên, đơn vị, chức vụ, số điện thoại; thư điện tử, chỗ ngồi và cách xưng hô nếu có; việc đến dự và giờ đến",
        "collects_en": "Full name, organisation, position, telephone; e-mail, seat and form of address if known; whether and when the guest came",
        "purpose": "Mời và đón tiếp khách của đơn vị, thống kê lượt tham dự",
        "purpose_en": "To invite and receive guests of the unit, and count attendance",
        "ground": "duty",
        "keep_months": 12,
        "seen_by": GUESTS[0],
        "seen_by_en": GUESTS[1],
        "wording": "Đơn vị tổ chức xin phép ghi họ tên, đơn vị, chức vụ và số điện thoại của Ông/Bà để mời và đón tiếp, giữ 12 tháng sau hoạt "
        "động rồi xóa. Ông/Bà có thể yêu cầu xem, sửa hoặc xóa bất cứ lúc nào. Ông/Bà có đồng ý không?",
        "wording_en": "May the organising unit note your name, organisation, position and number to invite and receive you? They are kept "
        "for 12 months after the event and then erased; you may ask to see, correct or erase them at any time.",
    },
    {
        "form": "speaker",
        "order": 50,
        "title": "Diễn giả, báo cáo viên, người chủ trì",
        "title_en": "Speakers and chairs",
        "collects": "Họ tên, chức danh",
        "collects_en": "Full name and position",
        "purpose": "Công bố chương trình của hoạt động và lưu hồ sơ hoạt động",
        "purpose_en": "To announce the programme of the activity and keep its file",
        "ground": "contract",
        "keep_from": "archive",
        "seen_by": "Mọi người, trên trang chương trình của hoạt động công khai",
        "seen_by_en": "Everybody, on the programme of a public activity",
        "wording": "Họ tên và chức danh của Ông/Bà được nêu trong chương trình của hoạt động và lưu trong hồ sơ hoạt động. Nếu cần đính chính hoặc "
        "rút tên, xin liên hệ đơn vị chủ trì.",
        "wording_en": "Your name and position are shown in the programme of the activity and kept in its file. Please tell the lead unit "
        "should they need correcting or should your name be taken off.",
    },
    {
        "form": "official",
        "order": 60,
        "title": "Người ký, đại biểu chứng kiến, người chỉ đạo",
        "title_en": "Signatories, officials in attendance, those who give directions",
        "collects": "Họ tên, chức vụ vào ngày ký hoặc ngày chỉ đạo",
        "collects_en": "Full name and the office held on that day",
        "purpose": "Lưu bản ghi nhớ, văn bản chỉ đạo và hồ sơ thực hiện",
        "purpose_en": "To keep the agreement, the directions and the file of their execution",
        "ground": "law",
        "keep_from": "archive",
        "seen_by": "Tên người ký và chức vụ được công khai cùng văn bản; phần còn lại chỉ trong nội bộ các bên",
        "seen_by_en": "Name and office of who signed are public with the paper; the rest stays inside the parties",
        "wording": "Họ tên và chức vụ là một phần của văn bản và được lưu theo quy định về lưu trữ.",
        "wording_en": "Name and office are part of the paper and are kept by the rules on archives.",
    },
    {
        "form": "account",
        "order": 70,
        "title": "Tài khoản cán bộ",
        "title_en": "Accounts of staff",
        "collects": "Họ tên, tên đăng nhập, thư điện tử công vụ, vai trò theo thời gian; thời điểm đăng nhập và việc đã làm",
        "collects_en": "Name, user name, office e-mail, dated roles; when one signed in and what one did",
        "purpose": "Phân quyền và bảo đảm mọi thay đổi đều biết ai thực hiện",
        "purpose_en": "To grant rights, and to know who changed what",
        "ground": "duty",
        "keep_from": "archive",
        "seen_by": "Quản trị hệ thống; tên hiển thị cho cán bộ cùng bản ghi nhớ",
        "seen_by_en": "Administrators; the name shown is seen by staff under the same agreement",
        "wording": "Tài khoản phục vụ công việc của đơn vị; thời điểm đăng nhập và việc đã làm được ghi lại và lưu cùng hồ sơ công việc.",
        "wording_en": "The account serves the work of the unit; when one signed in and what one did is recorded and kept with the file.",
    },
    {
        "form": "request",
        "order": 80,
        "title": "Yêu cầu về dữ liệu cá nhân",
        "title_en": "Requests about personal data",
        "collects": "Nội dung yêu cầu, cách xác minh người yêu cầu, việc trả lời",
        "collects_en": "What is asked, how the identity was checked, and the answer",
        "purpose": "Trả lời đúng hạn và chứng minh đã thực hiện quy định",
        "purpose_en": "To answer in time and to prove that the law was followed",
        "ground": "law",
        "keep_months": 24,
        "keep_from": "answer",
        "seen_by": "Cán bộ phụ trách và giám đốc của đơn vị trả lời",
        "seen_by_en": "Officers and director of the unit that answers",
        "wording": "Yêu cầu của Quý vị được chuyển tới đơn vị đã đón tiếp Quý vị. Nội dung yêu cầu được giữ 24 tháng sau khi trả lời rồi xóa.",
        "wording_en": "Your request goes to the unit that received you. Its words are kept for 24 months after the answer and then erased.",
    },
]
OLD, NEW = "Nghị định 13/2023/NĐ-CP, Điều 14, 16", "Nghị định 356/2025/NĐ-CP, Điều 5"
PERIODS: list[tuple[str, int, str, str, date, date | None]] = [
    ("see", 72, "hour", OLD, date(2023, 7, 1), date(2025, 12, 31)),
    ("stop", 72, "hour", OLD, date(2023, 7, 1), date(2025, 12, 31)),
    ("erase", 72, "hour", OLD, date(2023, 7, 1), date(2025, 12, 31)),
    ("acknowledge", 2, "workday", NEW, date(2026, 1, 1), None),
    ("see", 10, "day", NEW, date(2026, 1, 1), None),
    ("stop", 15, "day", NEW, date(2026, 1, 1), None),
    ("erase", 20, "day", NEW, date(2026, 1, 1), None),
    ("child", 16, "year", "Luật Trẻ em 102/2016/QH13, Điều 1; Luật 91/2025/QH15", date(2017, 6, 1), None),
]
TEXTS = ("title", "collects", "purpose", "seen_by", "wording")


def _fingerprint(text: str) -> str:
    import hashlib

    return hashlib.sha256(text.encode()).hexdigest()[:12]


def write(apps: Any, schema_editor: Any) -> None:
    notices = apps.get_model("privacy", "Notice")
    for told in NOTICES:
        english = {name: _fingerprint(told[name]) for name in TEXTS}
        notices.objects.get_or_create(
            form=told["form"],
            version=1,
            defaults={**told, "first_day": SIGNED, "is_sample": True, "english_of": english},
        )
    periods = apps.get_model("privacy", "LegalPeriod")
    for kind, n, unit, cite, first, last in PERIODS:
        periods.objects.get_or_create(
            kind=kind,
            first_day=first,
            defaults={"n": n, "unit": unit, "cite": cite, "last_day": last, "unverified": True},
        )


def leave(apps: Any, schema_editor: Any) -> None:
    """Going back drops the tables themselves."""


class Migration(migrations.Migration):
    dependencies = [("privacy", "0001_first_tables")]
    operations = [migrations.RunPython(write, leave)]
