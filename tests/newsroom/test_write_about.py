"""From the desk page of an activity to an article about it: who is offered the way, where it leads, what stands there."""

from collections.abc import Callable

import pytest
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse
from wagtail.test.utils.form_data import inline_formset

from nhipcau.activities.models import Activity
from nhipcau.agreements.models import Clause, Pillar, Topic
from nhipcau.evidence.models import Evidence
from nhipcau.newsroom.models import Article, Section
from nhipcau.parties.models import Membership, User
from nhipcau.plans.models import Plan
from tests import makers
from tests.newsroom.test_back_office import typed

SignIn = Callable[[User], Client]
pytestmark = pytest.mark.django_db
Role = Membership.Role
BUTTON = "Viết bài về hoạt động này"


@pytest.fixture
def talk(plan: Plan) -> Activity:
    """A talk of HMC under a topic and a pillar, working for an indicator of the first objective."""
    indicator = makers.make_indicator(makers.make_objective(plan))
    talk = makers.make_activity(plan, indicators=[indicator])
    talk.topics.add(makers._term(Topic, "startup", "Khởi nghiệp"))
    talk.pillars.add(makers._term(Pillar, "economic", "Ngoại giao kinh tế"))
    return talk


def desk_page(activity: Activity) -> str:
    return reverse("activities:activity", args=[activity.pk])


def button(activity: Activity) -> str:
    return reverse("newsroom:write_about", args=[activity.pk])


def form_in(section: Section, activity: Activity) -> str:
    return reverse("newsroom_write_about", args=[section.pk, activity.pk])


@pytest.mark.parametrize(
    ("who", "offered", "answer"),
    [
        ("reporter", True, 302),
        ("editor", True, 302),
        ("chief", True, 302),
        ("administrator", True, 302),
        ("officer_hmc", False, 403),
        ("director_hmc", False, 403),
        ("reception_hmc", False, 403),
        ("records_hmc", False, 403),
        ("overseer_dofa", False, 403),
        ("outsider", None, 404),
        ("nobody", None, 302),
    ],
)
def test_only_who_writes_is_offered_it(
    request: pytest.FixtureRequest,
    sign_in: SignIn,
    section: Section,
    talk: Activity,
    who: str,
    offered: bool | None,
    answer: int,
) -> None:
    roles = {"reporter": Role.REPORTER, "editor": Role.EDITOR, "chief": Role.CHIEF_EDITOR}
    if who == "nobody":
        client = Client()
    elif who in roles:
        client = sign_in(makers.make_user(who, ("hmc", roles[who])))
    else:
        client = sign_in(request.getfixturevalue(who))
    page = client.get(desk_page(talk))
    if offered is not None:
        assert (BUTTON in page.content.decode(), button(talk) in page.content.decode()) == (offered, offered)
    response = client.get(button(talk))
    assert response.status_code == answer
    assert client.post(button(talk)).status_code == (405 if who != "nobody" else 302)
    if answer == 302:
        assert response["Location"] == (
            form_in(section, talk) if who != "nobody" else f"/tai-khoan/login/?next={button(talk)}"
        )


def test_form_stands_filled_in_and_the_article_is_evidence(sign_in: SignIn, section: Section, talk: Activity) -> None:
    client = sign_in(makers.make_user("chief", ("hmc", Role.CHIEF_EDITOR), display_name="Trần An (mẫu)"))
    clauses = list(Clause.objects.filter(objectives__indicators__activities=talk).distinct())
    assert clauses
    form = client.get(button(talk), follow=True).context["form"]
    begun: Article = form.instance
    assert [row.activity for row in begun.reported.all()] == [talk]
    assert [byline.author.name for byline in begun.bylines.all()] == ["Trần An (mẫu)"]
    assert (list(begun.topics.all()), list(begun.pillars.all()), list(begun.clauses.all())) == (
        list(talk.topics.all()),
        list(talk.pillars.all()),
        clauses,
    )
    drawn = {name: sorted(form[name].value()) for name in ("topics", "pillars", "clauses")}
    assert not Article.objects.exists()
    sent = typed(reported=inline_formset([{"activity": talk.pk}])) | drawn | {"action-publish": "yes"}
    client.post(reverse("wagtailadmin_pages:add", args=["newsroom", "article", section.pk]), sent)
    article = Article.objects.get()
    assert (list(article.topics.all()), list(article.clauses.all())) == (list(talk.topics.all()), clauses)
    assert [row.activity for row in Evidence.objects.filter(kind_id="article.published")] == [talk]


def test_the_form_checks_what_its_boxes_show(sign_in: SignIn, section: Section, talk: Activity) -> None:
    page = sign_in(makers.make_user("chief", ("hmc", Role.CHIEF_EDITOR))).get(form_in(section, talk))
    html = page.content.decode()
    topic, pillar = talk.topics.get(), talk.pillars.get()
    for name, key in (("topics", topic.pk), ("pillars", pillar.pk)):
        (box,) = [tag for tag in html.split("<input")[1:] if f'name="{name}"' in tag and f'value="{key}"' in tag]
        assert "checked" in box.partition(">")[0]
    assert f'action="{reverse("wagtailadmin_pages:add", args=["newsroom", "article", section.pk])}"' in html


def test_own_unit_and_what_was_written_in_last_come_first(sign_in: SignIn, section: Section, talk: Activity) -> None:
    shared = makers.make_section("Chung", "Shared", organisation=None)
    makers.make_section("Hội nghị", "Conferences", organisation=makers.make_organisation("fsc"))
    press = makers.make_section("Báo chí", "Press")
    writer = makers.make_user("reporter", ("hmc", Role.REPORTER))
    client = sign_in(writer)
    response = client.get(button(talk))
    assert response["Location"] == form_in(section, talk)
    (said,) = [str(message) for message in get_messages(response.wsgi_request)]
    assert said == (
        "Bài sẽ thuộc chuyên mục “Đối ngoại”. Chọn chuyên mục khác: "
        f'<a href="{form_in(press, talk)}">Báo chí</a>, <a href="{form_in(shared, talk)}">Chung</a>'
    )
    makers.make_article(section=press, by=writer)
    assert client.get(button(talk))["Location"] == form_in(press, talk)
    assert [client.get(form_in(one, talk)).status_code for one in (section, press, shared)] == [200, 200, 200]


def test_a_unit_without_a_section_is_told_whom_to_ask(sign_in: SignIn, section: Section, talk: Activity) -> None:
    client = sign_in(makers.make_user("other", ("fsc", Role.REPORTER)))
    response = client.get(button(talk), follow=True)
    assert response.redirect_chain == [(desk_page(talk), 302)]
    assert (
        "Đơn vị của Quý vị chưa phụ trách chuyên mục nào. Quý vị vui lòng đề nghị quản trị viên mở chuyên mục."
        in response.content.decode()
    )


def test_another_units_section_and_unknown_things_are_refused(
    sign_in: SignIn, section: Section, talk: Activity
) -> None:
    client = sign_in(makers.make_user("reporter", ("hmc", Role.REPORTER)))
    other = makers.make_section("Hội nghị", "Conferences", organisation=makers.make_organisation("fsc"))
    assert client.get(form_in(other, talk)).status_code == 302  # as every page of Wagtail's that is not theirs
    assert client.get(button(talk).replace(str(talk.pk), "99999")).status_code == 404
    assert client.get(form_in(section, talk).replace(f"/{talk.pk}/", "/99999/")).status_code == 404
    assert not Article.objects.exists()
