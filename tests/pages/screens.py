"""The screens of the back office: what has to be there for them to show something, and which address shows what."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.apps import apps
from django.conf import settings
from django.contrib.auth.models import Group
from django.core.files.base import ContentFile
from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse
from wagtail.admin.views.bulk_action.registry import bulk_action_registry
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import (
    Collection,
    Comment,
    CommentReply,
    GroupApprovalTask,
    Page,
    PageViewRestriction,
    Site,
    TaskState,
    Workflow,
)

from nhipcau.agreements.models import Agreement, Amendment, Area
from nhipcau.newsroom import boards
from nhipcau.newsroom.models import Article, Author, Download, Picture, Section
from nhipcau.parties.models import Membership, User
from tests import makers
from tests.scenarios.programme import Programme

Role = Membership.Role
KEEPER = "administrator"
BOARD = (
    ("mai", "Vũ Thị Mai", Role.REPORTER),
    ("kien", "Hồ Văn Kiên", Role.EDITOR),
    ("loan", "Tạ Bích Loan", Role.CHIEF_EDITOR),
)


@dataclass
class Newsroom:
    """Handles to what the back office shows."""

    programme: Programme
    board: dict[str, User]
    front: Page
    section: Section
    picture: Picture
    document: Download
    author: Author
    site: Site
    group: Group
    rest: dict[str, Any] = field(default_factory=dict)

    @property
    def full(self) -> Article:
        """The article with every block, published and changed since."""
        return self.programme.articles["full"]


def make_newsroom(p: Programme) -> Newsroom:
    """On top of the programme: articles handed in, scheduled, locked and commented on, and what else has a screen."""
    board = {name: makers.make_user(name, ("hmc", role), display_name=shown) for name, shown, role in BOARD}
    boards.seat_all(day=makers.NOW.date())
    keeper, full = p.cast[KEEPER], p.articles["full"]
    section = full.section
    document = Download(title="Chương trình tọa đàm", uploaded_by_user=keeper)
    document.file = ContentFile(b"%PDF-1.4\n%%EOF\n", name="chuong-trinh.pdf")
    document.save()
    picture = full.picture
    assert picture is not None
    picture.tags.add("khởi nghiệp")
    n = Newsroom(
        programme=p,
        board=board,
        front=section.get_parent(),
        section=section,
        picture=picture,
        document=document,
        author=full.bylines.get().author,
        site=Site.objects.get(),
        group=Group.objects.filter(role_group__isnull=False)[0],
    )
    _pages(n, keeper)
    Collection.get_first_root_node().add_child(name="Ảnh lưu trữ")
    n.rest["collection"] = Collection.objects.get(name="Ảnh lưu trữ")
    n.rest["redirect"] = Redirect.objects.create(old_path="/tin-cu", redirect_page=full, site=n.site)
    Amendment.objects.create(agreement=p.agreement, signed_on=date(2026, 6, 1), summary="Gia hạn bản ghi nhớ.")
    # Rows nothing hangs on yet, so that they can be deleted.
    Area.objects.create(slug="moi", name="Lĩnh vực mới")
    Agreement.objects.create(title="Bản ghi nhớ mới", purpose="Hợp tác.", signed_on=date(2026, 6, 1))
    makers.make_organisation("Sở Công Thương")
    makers.make_person("Trần Thị Mới")
    makers.make_author("Tác giả mới")
    n.rest["task"] = GroupApprovalTask.objects.create(name="Duyệt ảnh")
    GroupApprovalTask.objects.create(name="Duyệt bản in", active=False)
    n.rest["workflow"] = Workflow.objects.create(name="Quy trình ngừng dùng", active=False)
    return n


def _pages(n: Newsroom, keeper: User) -> None:
    full = n.full
    full.body = [*full.body.raw_data, {"type": "document", "value": n.document.pk}]
    full.lead += " Thêm một câu."
    changed = full.save_revision(user=keeper)
    comment = Comment.objects.create(
        page=full, user=keeper, text="Kiểm tra lại số liệu.", contentpath="lead", revision_created=changed
    )
    CommentReply.objects.create(comment=comment, user=n.board["loan"], text="Đã kiểm tra.")
    Comment.objects.create(
        page=full, user=keeper, text="Đã sửa tên.", contentpath="title", resolved_at=makers.NOW, resolved_by=keeper
    )
    handed_in = makers.make_article("Bài chờ duyệt", section=n.section, published=None)
    n.section.get_workflow().start(handed_in, n.board["mai"])
    scheduled = makers.make_article("Bài hẹn giờ", section=n.section, published=None)
    scheduled.go_live_at, scheduled.expire_at = makers.NOW + timedelta(days=9000), makers.NOW + timedelta(days=9900)
    scheduled.save_revision(user=keeper, approved_go_live_at=scheduled.go_live_at)
    locked = makers.make_article("Bài đang khóa", section=n.section)
    locked.locked, locked.locked_by, locked.locked_at = True, n.board["loan"], makers.NOW
    locked.save(update_fields=["locked", "locked_by", "locked_at"])
    withdrawn = makers.make_article("Bài đã gỡ", section=n.section)
    withdrawn.unpublish(user=keeper)
    PageViewRestriction.objects.create(page=withdrawn, restriction_type="login")
    alias = full.create_alias(parent=n.section, update_slug="ban-sao", log_action="wagtail.create_alias", user=keeper)
    n.rest |= {
        "handed_in": handed_in,
        "state": TaskState.objects.get(workflow_state__object_id=str(handed_in.pk)),
        "scheduled": scheduled,
        "locked": locked,
        "elsewhere": Section.objects.child_of(n.front).exclude(pk=n.section.pk)[0],
        "withdrawn": withdrawn,
        "alias": alias,
        "draft": makers.make_article("Bản nháp", section=n.section, published=None),
        "revisions": list(full.revisions.order_by("pk")),
    }


@dataclass(frozen=True)
class Look:
    """One look at one address of the back office."""

    name: str
    args: tuple[Any, ...] = ()
    query: str = ""
    by: str = KEEPER

    @property
    def path(self) -> str:
        """Its address, in the language of the moment."""
        return reverse(self.name, args=self.args) + self.query


Argued = Callable[[Newsroom], list[tuple[Any, ...]]]


def _all_pages(n: Newsroom) -> list[tuple[Any, ...]]:
    return [
        (page.pk,)
        for page in (n.full, n.programme.articles["english"], n.section, n.front,
                     *(n.rest[key] for key in ("handed_in", "scheduled", "locked", "withdrawn", "alias", "draft")))
    ]  # fmt: skip


def _one(key: str) -> Argued:
    return lambda n: [((getattr(n, key) if hasattr(n, key) else n.rest[key]).pk,)]


def _state(action: str) -> Argued:
    return lambda n: [(n.rest["handed_in"].pk, action, n.rest["state"].pk)]


def _pk_and_revision(n: Newsroom) -> list[tuple[Any, ...]]:
    return [(n.full.pk, n.rest["revisions"][-1].pk)]


# Which arguments an address is asked with; those not named here take none, and a register's those of its first row.
ARGUED: dict[str, Argued] = {
    "wagtailadmin_explore": lambda n: [(1,), (n.front.pk,), (n.section.pk,), (n.full.pk,)],
    "wagtailadmin_pages:add": lambda n: [
        ("newsroom", "article", n.section.pk), ("newsroom", "section", n.front.pk)
    ],
    "wagtailadmin_pages:type_use": lambda _n: [("newsroom", "article"), ("newsroom", "section")],
    "wagtailadmin_pages:choose_parent": lambda _n: [("newsroom", "article")],
    "wagtailadmin_pages:usage": lambda n: [(n.full.pk,), (n.section.pk,)],
    "wagtailadmin_pages:edit": _all_pages,
    "wagtailadmin_pages:add_subpage": lambda n: [(n.section.pk,), (n.front.pk,)],
    "wagtailadmin_pages:delete": lambda n: [(n.rest["draft"].pk,), (n.full.pk,), (n.section.pk,)],
    "wagtailadmin_pages:unpublish": lambda n: [(n.full.pk,), (n.section.pk,)],
    "wagtailadmin_pages:convert_alias": _one("alias"),
    "wagtailadmin_pages:move": lambda n: [(n.full.pk,), (n.section.pk,)],
    "wagtailadmin_pages:move_confirm": lambda n: [(n.full.pk, n.rest["elsewhere"].pk)],
    "wagtailadmin_pages:copy": lambda n: [(n.full.pk,), (n.section.pk,)],
    "wagtailadmin_pages:workflow_action": lambda n: [*_state("approve")(n), *_state("reject")(n)],
    "wagtailadmin_pages:collect_workflow_action_data": lambda n: [*_state("approve")(n), *_state("reject")(n)],
    "wagtailadmin_pages:confirm_workflow_cancellation": _one("handed_in"),
    "wagtailadmin_pages:set_privacy": lambda n: [(n.full.pk,), (n.rest["withdrawn"].pk,)],
    "wagtailadmin_pages:revisions_index": _one("full"),
    "wagtailadmin_pages:revisions_revert": _pk_and_revision,
    "wagtailadmin_pages:revisions_unschedule": lambda n: [
        (n.rest["scheduled"].pk, n.rest["scheduled"].scheduled_revision.pk)
    ],
    "wagtailadmin_pages:revisions_compare": lambda n: [
        (n.full.pk, "earliest", "latest"), (n.full.pk, "live", n.rest["revisions"][-1].pk)
    ],
    "wagtailadmin_pages:workflow_history": lambda n: [(n.rest["handed_in"].pk,), (n.full.pk,)],
    "wagtailadmin_pages:workflow_history_detail": lambda n: [
        (n.rest["handed_in"].pk, n.rest["state"].workflow_state_id)
    ],
    "wagtailadmin_pages:history": _all_pages,
    "wagtailadmin_choose_page_child": _one("section"),
    "wagtailadmin_tag_model_autocomplete": lambda _n: [("taggit", "tag")],
    "wagtailadmin_collections:edit": _one("collection"),
    "wagtailadmin_collections:delete": _one("collection"),
    "wagtailadmin_collections:set_privacy": _one("collection"),
    "wagtailadmin_workflows:disable": lambda n: [(n.section.get_workflow().pk,)],
    "wagtailadmin_workflows:edit": lambda n: [(n.section.get_workflow().pk,), (n.rest["workflow"].pk,)],
    "wagtailadmin_workflows:usage": lambda n: [(n.section.get_workflow().pk,)],
    "wagtailadmin_workflows:add_task": lambda _n: [
        ("wagtailcore", "groupapprovaltask"), ("newsroom", "editorialapproval")
    ],
    "wagtailadmin_workflows:edit_task": lambda n: [(n.rest["task"].pk,), (n.rest["state"].task_id,)],
    "wagtailadmin_workflows:disable_task": lambda n: [(n.rest["task"].pk,), (n.rest["state"].task_id,)],
    "wagtailadmin_workflows:task_chosen": _one("task"),
    "wagtailredirects:edit": _one("redirect"),
    "wagtailredirects:delete": _one("redirect"),
    "wagtaildocs:edit": _one("document"),
    "wagtaildocs:delete": _one("document"),
    "wagtaildocs:document_usage": _one("document"),
    "wagtailimages:edit": _one("picture"),
    "wagtailimages:delete": _one("picture"),
    "wagtailimages:image_usage": _one("picture"),
    "wagtailusers_users:edit": lambda n: [(n.board["loan"].pk,), (n.programme.cast[KEEPER].pk,)],
    "wagtailusers_users:history": lambda n: [(n.board["loan"].pk,)],
    "wagtailusers_users:delete": lambda n: [(n.board["loan"].pk,)],
    "wagtailusers_users:usage": lambda n: [(n.board["loan"].pk,)],
    **{f"wagtailsites:{view}": _one("site") for view in ("edit", "delete", "history", "usage", "copy")},
    "wagtaildocs_chooser:chosen": _one("document"),
    "wagtailimages_chooser:chosen": _one("picture"),
    "wagtailimages_chooser:select_format": _one("picture"),
    "activity_chooser:chosen": lambda n: [(n.programme.activities["open"].pk,)],
    "author_chooser:chosen": _one("author"),
    "newsroom_write_about": lambda n: [(n.section.pk, n.programme.activities["closed"].pk)],
    "newsroom_compare_edition": lambda n: [(n.programme.articles["english"].pk,)],
}  # fmt: skip
# What is asked of an address beside its arguments: each of these, after the bare address.
QUERIED: dict[str, tuple[str, ...]] = {
    "wagtailadmin_explore_root": ("?q=khong+co+gi",),
    "wagtailadmin_pages:search": ("?q=toa+dam", "?q=khong+co+gi"),
    "wagtailadmin_choose_page": ("?allow_external_link=true&allow_email_link=true&allow_phone_link=true",),
    "wagtailadmin_choose_page_search": ("?q=toa+dam",),
    "wagtailimages:index": ("?q=khong+co+gi", "?layout=list"),
    "wagtaildocs:index": ("?q=khong+co+gi",),
    "wagtailusers_users:index": ("?q=khong+co+gi",),
    "articles:index": ("?q=khong+co+gi",),
    "wagtailimages_chooser:choose": ("?select_format=true", "?multiple=1"),
    "wagtailadmin_reports:site_history": ("?user=1",),
    "wagtailadmin_account": ("?tab=notifications",),
    "newsroom_editions": ("?all=1",),
}
# Addresses that show no screen of their own, each with the reason.
WITHOUT_SCREEN: dict[str, str] = {
    "wagtailadmin_error_test": "fails by intention",
    "wagtailadmin_pages:set_page_position": "moves a page by script; POST only",
    "wagtailadmin_pages:lock": "a button; POST only",
    "wagtailadmin_pages:unlock": "as above",
    "wagtailadmin_dismissibles": "a script's note; PATCH only",
    "wagtailadmin_editing_sessions:ping": "POST only; its answer is looked at beside the screens",
    "wagtailadmin_editing_sessions:release": "POST only, and empty",
    "wagtailadmin_block_preview": "no block of ours has a preview",
    "wagtailadmin_pages:preview_on_add": "the page as readers see it, once a form was sent",
    "wagtailadmin_pages:preview_on_edit": "as above",
    "wagtailadmin_pages:view_draft": "the page as readers see it, looked at in test_every_page",
    "wagtailadmin_pages:revisions_view": "as above",
    "wagtailadmin_pages:workflow_preview": "as above",
    "wagtailadmin_workflows:enable": "a button; POST only",
    "wagtailadmin_workflows:enable_task": "as above",
    "wagtailadmin_workflows:remove": "as above",
    "wagtailimages:url_generator": "switched off: pictures have no address of their own",
    "wagtailadmin_logout": "leads to the desk's own page",
    "wagtailadmin_login": "as above",
    "wagtailadmin_password_reset": "switched off: passwords are the desk's",
    "wagtailadmin_password_reset_done": "as above",
    "wagtailadmin_password_reset_confirm": "as above",
    "wagtailadmin_password_reset_complete": "as above",
    "wagtailadmin_sprite": "drawings",
    "wagtailadmin_javascript_catalog": "asked for itself",
    "wagtailredirects:process_import": "after a file was sent; POST only",
    "wagtaildocs:edit_multiple": "an answer to a script; POST only",
    "wagtaildocs:create_multiple_from_uploaded_document": "as above",
    "wagtaildocs:delete_multiple": "as above",
    "wagtaildocs:delete_upload_multiple": "as above",
    "wagtailimages:edit_multiple": "as above",
    "wagtailimages:create_multiple_from_uploaded_image": "as above",
    "wagtailimages:delete_multiple": "as above",
    "wagtailimages:delete_upload_multiple": "as above",
    "wagtailimages:preview": "a picture",
    "wagtailimages:url_generator_output": "an address for a script",
    "newsroom_begin_edition": "a button; POST only",
    "newsroom_begin_section": "as above",
    "wagtailusers_users:add": "withheld: people are invited at the desk",
    **dict.fromkeys(
        (f"wagtailusers_groups:{view}" for view in ("add", "edit", "delete", "history", "usage")),
        "withheld: groups follow the memberships; tests/accounts/test_back_office.py",
    ),
}


def names() -> list[str]:
    """Every named address under the back office's, by the resolver."""

    def walk(patterns: list[Any], spaces: tuple[str, ...], inside: bool) -> list[str]:
        found: list[str] = []
        for pattern in patterns:
            within = inside or str(pattern.pattern) == settings.CMS_PATH
            if isinstance(pattern, URLResolver):
                found += walk(
                    pattern.url_patterns, (*spaces, pattern.namespace) if pattern.namespace else spaces, within
                )
            elif isinstance(pattern, URLPattern) and within and pattern.name:
                found.append(":".join((*spaces, pattern.name)))
        return found

    return sorted(set(walk(get_resolver().url_patterns, (), inside=False)))


def is_part(name: str) -> bool:
    """Whether an address is asked by a script only, for a part of a screen that stands on its own, or for bare data."""
    return name.endswith("results") or name.startswith("wagtailadmin_api:")


def _of_register(name: str) -> Look:
    """The first row of a register in one of its views."""
    space, view = name.split(":")
    app, kind = space.split("_", 1)[1].split("_")
    model = apps.get_model(app, kind)
    if view in {"add", "list", "choose", "create"}:
        return Look(name)
    row = model._default_manager.order_by("-pk" if view == "delete" else "pk")[0]
    return Look(name, query=f"?id={row.pk}") if view == "chosen_multiple" else Look(name, (row.pk,))


def _several(n: Newsroom) -> list[Look]:
    """Every act on several rows at once."""
    bulk_action_registry._scan_for_bulk_actions()
    rows = {"page": n.rest["draft"].pk, "picture": n.picture.pk, "download": n.document.pk}
    found = []
    for app, models in bulk_action_registry.actions.items():
        for model, actions in models.items():
            pk = rows.get(model) or apps.get_model(app, model)._default_manager.order_by("-pk")[0].pk
            found += [Look("wagtail_bulk_action", (app, model, action), f"?id={pk}") for action in actions]
    return found


def _stands_alone(name: str) -> bool:
    try:
        reverse(name)
    except NoReverseMatch:
        return False
    return True


def looks(n: Newsroom) -> list[Look]:
    """One look at least at every address, as the keeper of everything."""
    found = _several(n)
    for name in names():
        if name in WITHOUT_SCREEN or name == "wagtail_bulk_action" or is_part(name):
            continue
        if name.startswith(("wagtailsnippets_", "wagtailsnippetchoosers_")):
            found.append(_of_register(name))
            continue
        if name.endswith(":chosen_multiple") or name == "wagtailadmin_choose_page_chosen_multiple":
            chosen: dict[str, Any] = {
                "wagtailimages_chooser": n.picture,
                "wagtaildocs_chooser": n.document,
                "author_chooser": n.author,
                "activity_chooser": n.programme.activities["open"],
            }
            found.append(Look(name, query=f"?id={chosen.get(name.split(':')[0], n.full).pk}"))
            continue
        if name not in ARGUED and not _stands_alone(name):
            continue  # and is missed by the test that counts them
        for args in ARGUED[name](n) if name in ARGUED else [()]:
            found += [Look(name, args, query) for query in ("", *QUERIED.get(name, ()))]
    return found
