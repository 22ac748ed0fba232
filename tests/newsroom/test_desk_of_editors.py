"""What editors do with an article besides writing it: remarks in the margin, a lock, versions side by side, an hour to come."""

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.models import Comment, Revision, TaskState
from wagtail.test.utils.form_data import inline_formset

from nhipcau.newsroom import boards, tasks
from nhipcau.newsroom.models import Article, Section
from nhipcau.outbox.models import Message
from nhipcau.parties.models import Membership, User
from tests import makers
from tests.newsroom.test_back_office import add_page, edit_page, said, typed

SignIn = Callable[[User], Client]
pytestmark = pytest.mark.django_db
Role = Membership.Role


@pytest.fixture
def reporter(section: Section) -> User:
    """Reporter of HMC."""
    return makers.make_user("reporter", ("hmc", Role.REPORTER), display_name="Phóng viên A")


@pytest.fixture
def editor(section: Section) -> User:
    """Section editor of HMC."""
    return makers.make_user("editor", ("hmc", Role.EDITOR), display_name="Biên tập viên B")


@pytest.fixture
def chief(section: Section) -> User:
    """Head of the editorial board of HMC."""
    return makers.make_user("chief", ("hmc", Role.CHIEF_EDITOR), display_name="Trưởng Ban C")


@pytest.fixture
def draft(reporter: User, sign_in: SignIn, section: Section) -> Article:
    """A draft of the reporter's, saved in the back office."""
    sign_in(reporter).post(add_page(section), typed(comment_notifications="on"))
    made: Article = Article.objects.get()
    return made


def fresh(article: Article) -> Article:
    found: Article = Article.objects.get(pk=article.pk)
    return found


# --- remarks ---------------------------------------------------------------------------------------
def remarks(*rows: dict[str, Any], before: int = 0) -> dict[str, Any]:
    """What the margin of the form sends."""
    with_replies = [{"position": "", "resolved": "", "replies": inline_formset([])} | row for row in rows]
    return {"comments": inline_formset(with_replies, initial=before), "comment_notifications": "on"}


def test_remark_reaches_the_writer_is_answered_and_settled(
    sign_in: SignIn, draft: Article, reporter: User, editor: User
) -> None:
    said_first = {"text": "Số khách lấy từ đâu?", "contentpath": "lead"}
    sign_in(editor).post(edit_page(draft), typed(**remarks(said_first)))
    remark = Comment.objects.get()
    assert (remark.user, remark.contentpath, remark.text) == (editor, "lead", "Số khách lấy từ đâu?")
    letter = Message.objects.get()
    assert letter.to == reporter.email
    assert letter.subject == "Biên tập viên B đã cập nhật bình luận trong “Khai mạc”"
    assert "Số khách lấy từ đâu?" in letter.body
    page = sign_in(reporter).get(edit_page(draft)).content.decode()
    assert json.dumps("Số khách lấy từ đâu?") in page
    answer = {"id": str(remark.pk), "text": remark.text, "contentpath": "lead"}
    replies = inline_formset([{"text": "Theo danh sách đón tiếp."}])
    sign_in(reporter).post(edit_page(draft), typed(**remarks(answer | {"replies": replies}, before=1)))
    (reply,) = remark.replies.all()
    assert (reply.user, reply.text) == (reporter, "Theo danh sách đón tiếp.")
    sign_in(editor).post(edit_page(draft), typed(**remarks(answer | {"resolved": "on"}, before=1)))
    remark.refresh_from_db()
    assert (remark.resolved_by, remark.resolved_at is not None) == (editor, True)


# --- the lock ----------------------------------------------------------------------------------------
def test_locked_article_is_changed_by_nobody_else(
    sign_in: SignIn, draft: Article, reporter: User, editor: User, chief: User
) -> None:
    sign_in(editor).post(reverse("wagtailadmin_pages:lock", args=[draft.pk]))
    assert (fresh(draft).locked, fresh(draft).locked_by) == (True, editor)
    for other in (reporter, chief):
        page = sign_in(other).get(edit_page(draft)).content.decode()
        assert "Biên tập viên B" in page
        answer = sign_in(other).post(edit_page(draft), typed("Đổi bởi người khác"))
        assert "Chưa lưu được trang vì đang bị khóa." in " ".join(said(answer))
    assert fresh(draft).get_latest_revision_as_object().title == "Khai mạc"
    assert sign_in(reporter).post(reverse("wagtailadmin_pages:unlock", args=[draft.pk])).status_code in {302, 403}
    assert fresh(draft).locked
    sign_in(editor).post(edit_page(draft), typed("Đổi bởi người khóa"))
    assert fresh(draft).get_latest_revision_as_object().title == "Đổi bởi người khóa"
    sign_in(chief).post(reverse("wagtailadmin_pages:unlock", args=[draft.pk]))
    sign_in(reporter).post(edit_page(draft), typed("Đổi bởi phóng viên"))
    assert fresh(draft).get_latest_revision_as_object().title == "Đổi bởi phóng viên"


# --- versions ------------------------------------------------------------------------------------------
def test_versions_stand_side_by_side_and_an_old_one_comes_back(sign_in: SignIn, draft: Article, reporter: User) -> None:
    client = sign_in(reporter)
    text = '{"blocks": [{"key": "a", "text": "Buổi tọa đàm diễn ra chiều nay.", "type": "unstyled", "depth": 0, "inlineStyleRanges": [], "entityRanges": []}], "entityMap": {}}'
    key = {"body-0-id": draft.body.raw_data[0]["id"]}
    client.post(edit_page(draft), typed("Bế mạc", blocks=[("text", text)]) | key)
    first, second = Revision.objects.for_instance(draft).order_by("pk")
    page = client.get(
        reverse("wagtailadmin_pages:revisions_compare", args=[draft.pk, first.pk, second.pk])
    ).content.decode()
    told = re.findall(r'<span class="(deletion|addition)">(.*?)</span>', page)
    assert ("deletion", "Khai mạc") in told
    assert ("addition", "Bế mạc") in told
    assert ("deletion", "sáng nay.") in told
    assert ("addition", "chiều nay.") in told
    assert "Nội dung bài:" in page
    client.get(reverse("wagtailadmin_pages:revisions_revert", args=[draft.pk, first.pk]))
    client.post(edit_page(draft), typed("Khai mạc") | {"revision": str(first.pk)})
    assert fresh(draft).get_latest_revision_as_object().title == "Khai mạc"
    assert Revision.objects.for_instance(draft).count() == 3  # nothing was thrown away


# --- the hour ------------------------------------------------------------------------------------------
def local(moment: datetime) -> str:
    """As the form of publication takes it."""
    from nhipcau.core.middleware import LOCAL

    return moment.astimezone(LOCAL).strftime("%Y-%m-%d %H:%M")


@pytest.fixture
def hour(clock: Any) -> datetime:
    """An hour from now by the machine's clock, which Wagtail asks; ours is set by it."""
    now = datetime.now(UTC).replace(second=0, microsecond=0)
    clock.set(now)
    return now + timedelta(hours=1)


def due(article: Article, hour: datetime, clock: Any) -> int:
    """Let the hour come: Wagtail asks the machine's clock, which a test cannot turn, so the hour in the text is turned."""
    clock.set(hour)
    for revision in Revision.objects.for_instance(article).filter(approved_go_live_at__isnull=False):
        revision.content["go_live_at"] = (datetime.now(UTC) - timedelta(minutes=1)).isoformat()
        revision.save(update_fields=["content"])
    done: int = tasks.publish_due.func()
    return done


def test_head_sets_the_hour_in_the_form_and_it_goes_out_then(
    sign_in: SignIn, section: Section, chief: User, hour: datetime, clock: Any
) -> None:
    answer = sign_in(chief).post(
        add_page(section), typed() | {"go_live_at": local(hour), "expire_at": "", "action-publish": "yes"}
    )
    article = Article.objects.get()
    assert said(answer)[-1].startswith("Đã tạo và hẹn giờ xuất bản trang “Khai mạc”.")
    assert (article.live, article.get_latest_revision().approved_go_live_at) == (False, hour)
    assert Client().get(f"{section.url}{article.slug}/").status_code == 404
    clock.set(hour - timedelta(minutes=1))
    assert tasks.publish_due.func() == 0
    assert due(article, hour, clock) == 1
    article = fresh(article)
    assert (article.live, article.published_at) == (True, hour)
    assert Client().get(article.url).status_code == 200


def test_the_hour_is_taken_back(sign_in: SignIn, section: Section, chief: User, hour: datetime, clock: Any) -> None:
    client = sign_in(chief)
    client.post(add_page(section), typed() | {"go_live_at": local(hour), "expire_at": "", "action-publish": "yes"})
    article = Article.objects.get()
    revision = article.get_latest_revision()
    client.post(reverse("wagtailadmin_pages:revisions_unschedule", args=[article.pk, revision.pk]))
    assert due(article, hour, clock) == 0
    assert not fresh(article).live


def test_an_embargo_in_the_form_holds_the_article_until_then(
    sign_in: SignIn, section: Section, chief: User, hour: datetime, clock: Any
) -> None:
    sign_in(chief).post(add_page(section), typed() | {"embargo_until": local(hour), "action-publish": "yes"})
    article = Article.objects.get()
    assert (article.live, article.get_latest_revision().approved_go_live_at) == (False, hour)
    assert due(article, hour - timedelta(minutes=1), clock) == 0
    assert due(article, hour, clock) == 1
    assert Client().get(fresh(article).url).status_code == 200


# --- the post ------------------------------------------------------------------------------------------
@pytest.mark.database
def test_article_is_handed_in_while_the_mail_server_is_down_and_the_letter_waits(
    sign_in: SignIn, draft: Article, reporter: User, editor: User, settings: Any
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", 9, 1
    boards.seat_all(day=makers.NOW.date())
    answer = sign_in(reporter).post(edit_page(draft), typed() | {"action-submit": "yes"})
    assert answer.status_code == 302
    assert fresh(draft).workflow_in_progress
    letter = Message.objects.get()
    assert (letter.to, letter.state) == (editor.email, Message.State.QUEUED)
    assert "Khai mạc" in letter.subject
    assert edit_page(draft) in letter.body
    assert re.search(r"[ạảấầậộợụừữỳịếềệ]", letter.body)


# --- what is said ----------------------------------------------------------------------------------------
MARKED = re.compile(r"[ăâđêôơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹáàéèíìóòúùýãõĩũ]", re.IGNORECASE)
FOREIGN = re.compile(
    r"\b(page|the|has|been|was|image|document|not|error|saved|moved|user|workflow|unlocked|locked)\b", re.IGNORECASE
)


def test_every_step_is_answered_by_a_vietnamese_sentence(
    sign_in: SignIn, section: Section, reporter: User, editor: User, chief: User, administrator: User, hour: datetime
) -> None:
    heard: list[str] = []
    press = makers.make_section("Báo chí", "Press")
    picture, collection = makers.make_picture(), "1"

    def do(user: User, address: str, sent: dict[str, Any] | None = None) -> None:
        answer = sign_in(user).post(address, sent or {})
        told = said(answer)
        assert told, address
        heard.extend(told)

    def step(name: str, user: User, **sent: str) -> None:
        state = TaskState.objects.get(status=TaskState.STATUS_IN_PROGRESS)
        address = reverse("wagtailadmin_pages:workflow_action", args=[article.pk, name, state.pk])
        heard.extend(said(sign_in(user).post(address, sent)))  # a window that closes says nothing

    do(reporter, add_page(section), typed("Tin thứ nhất"))
    article = Article.objects.get()
    edit = edit_page(article)
    do(reporter, edit, typed("Tin thứ nhất") | {"action-submit": "yes"})
    step("reject", editor, comment="Bổ sung nguồn tin.")
    do(reporter, edit, typed("Tin thứ nhất") | {"action-submit": "yes"})
    step("approve", editor)
    do(chief, edit, typed("Tin thứ nhất") | {"action-cancel-workflow": "yes"})
    do(chief, edit, typed("Tin thứ nhất") | {"action-publish": "yes"})
    do(chief, edit, typed("") | {"action-publish": "yes"})
    do(chief, reverse("newsroom_begin_edition", args=[article.pk]))
    do(chief, reverse("newsroom_begin_edition", args=[article.pk]))
    english = fresh(article).get_translations().get()
    do(chief, edit_page(english), typed("First news") | {"action-publish": "yes"})
    do(chief, reverse("newsroom_compare_edition", args=[english.pk]))
    do(chief, reverse("wagtailadmin_pages:move_confirm", args=[article.pk, press.pk]))
    do(administrator, reverse("wagtailadmin_pages:delete", args=[article.pk]))
    do(administrator, reverse("wagtailadmin_pages:delete", args=[press.pk]))
    do(chief, reverse("wagtailadmin_pages:unpublish", args=[english.pk]))
    do(
        chief,
        add_page(press),
        typed("Tin hẹn giờ") | {"go_live_at": local(hour), "expire_at": "", "action-publish": "yes"},
    )
    planned = Article.objects.get(title="Tin hẹn giờ")
    revision = planned.get_latest_revision()
    do(chief, reverse("wagtailadmin_pages:revisions_unschedule", args=[planned.pk, revision.pk]))
    do(administrator, reverse("wagtailadmin_pages:delete", args=[planned.pk]))
    do(reporter, reverse("wagtailimages:add"), {"title": "x", "collection": collection})
    sent = {"title": "Ảnh mới", "caption": "Lễ ký.", "credit": "HMC", "collection": collection, "tags": ""}
    do(administrator, reverse("wagtailimages:edit", args=[picture.pk]), sent)
    do(administrator, reverse("wagtailimages:delete", args=[picture.pk]))
    wrong = [words for words in heard if not MARKED.search(words) or FOREIGN.search(words)]
    assert wrong == []
    assert len(heard) >= 20
