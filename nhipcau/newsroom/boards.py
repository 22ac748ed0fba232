"""Who works where in the back office: the one place that keeps Wagtail's groups in step with the dated memberships.

Each newsroom role of each unit has a group. What a group may do hangs on the sections its unit leads; who is in it follows
from `Membership` and the day, asked anew whenever somebody opens the back office and once a night for everybody.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Final

from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.utils.translation import override
from wagtail.models import (
    Collection,
    GroupCollectionPermission,
    GroupPagePermission,
    Page,
    Workflow,
    WorkflowPage,
    WorkflowTask,
)

from nhipcau.core import journal
from nhipcau.newsroom.models import Author, EditorialApproval, RoleGroup, Section
from nhipcau.parties.models import Membership, Organisation, User

Role = Membership.Role
#: What each role may do with the pages of its sections. Reporters edit what they began; the head alone publishes.
ON_PAGES: Final[dict[str, tuple[str, ...]]] = {
    Role.REPORTER: ("add_page",),
    Role.EDITOR: ("add_page", "change_page", "lock_page", "unlock_page"),
    Role.CHIEF_EDITOR: ("add_page", "change_page", "publish_page", "lock_page", "unlock_page"),
}
#: What each may do with pictures and documents: everybody uses all, reporters mend their own.
ON_FILES: Final[dict[str, tuple[str, ...]]] = {
    Role.REPORTER: ("add_image", "choose_image", "add_document", "choose_document"),
    Role.EDITOR: ("add_image", "change_image", "choose_image", "add_document", "change_document", "choose_document"),
    Role.CHIEF_EDITOR: (
        "add_image", "change_image", "choose_image", "add_document", "change_document", "choose_document",
    ),
}  # fmt: skip
#: Where Wagtail keeps the permissions of both, whatever our own models are called.
OF_FILES: Final = ("wagtailimages", "wagtaildocs")
#: The steps an article takes, in order.
STEPS: Final = (Role.EDITOR, Role.CHIEF_EDITOR)


def group_for(organisation: Organisation, role: str) -> Group:
    """The group of a role in a unit, made at its first use with what every such group may do."""
    known = RoleGroup.objects.filter(organisation=organisation, role=role).select_related("group").first()
    if known is not None:
        return known.group
    with override("vi"):
        name = f"{Role(role).label} · {organisation.short}"[:150]
    group = Group.objects.get_or_create(name=name)[0]
    RoleGroup.objects.create(organisation=organisation, role=role, group=group)
    group.permissions.add(Permission.objects.get(content_type__app_label="wagtailadmin", codename="access_admin"))
    if role != Role.REPORTER:
        group.permissions.add(*Permission.objects.filter(codename__in=("add_author", "change_author", "view_author")))
    root = Collection.get_first_root_node()
    for permission in Permission.objects.filter(codename__in=ON_FILES[role], content_type__app_label__in=OF_FILES):
        GroupCollectionPermission.objects.get_or_create(group=group, collection=root, permission=permission)
    return group


@journal.exempt("what it grants follows from the section, whose opening and changes are told")
@transaction.atomic
def staff_section(*, section: Section, at: datetime) -> None:
    """Give a section, in all its languages, to the newsroom of the unit that leads it, with the way its articles take.

    A section no unit leads is open to the newsrooms of all units that lead one. May run as often as one likes.
    """
    units = _units(section)
    editions = list(section.get_translations(inclusive=True))
    pages = Page.objects.filter(pk__in=[edition.pk for edition in editions])
    wanted = set()
    for unit in units:
        for role, codenames in ON_PAGES.items():
            group = group_for(unit, role)
            for permission in _page_permissions(codenames):
                for edition in editions:
                    wanted.add((group.pk, edition.pk, permission.pk))
    standing = GroupPagePermission.objects.filter(page__in=pages, group__role_group__isnull=False)
    known = {(row.group_id, row.page_id, row.permission_id): row.pk for row in standing}
    standing.filter(pk__in=[pk for key, pk in known.items() if key not in wanted]).delete()
    GroupPagePermission.objects.bulk_create(
        GroupPagePermission(group_id=group, page_id=page, permission_id=permission)
        for group, page, permission in sorted(wanted - set(known))
    )
    _lay_way(section, editions, units)


def _units(section: Section) -> list[Organisation]:
    if section.organisation is not None:
        return [section.organisation]
    return list(Organisation.objects.filter(pk__in=RoleGroup.objects.values("organisation")))


def _page_permissions(codenames: Iterable[str]) -> list[Permission]:
    kind = ContentType.objects.get_for_model(Page)
    return list(Permission.objects.filter(content_type=kind, codename__in=codenames))


def _lay_way(section: Section, editions: list[Section], units: list[Organisation]) -> None:
    """The section's workflow: section editor, then the head of the editorial board."""
    laid = WorkflowPage.objects.filter(page__in=[edition.pk for edition in editions]).select_related("workflow").first()
    workflow = laid.workflow if laid else Workflow.objects.create(name=section.title[:255])
    for edition in editions:
        WorkflowPage.objects.update_or_create(page_id=edition.pk, defaults={"workflow": workflow})
    tasks = list(workflow.workflow_tasks.select_related("task"))
    for order, role in enumerate(STEPS):
        if order < len(tasks):
            task = EditorialApproval.objects.get(pk=tasks[order].task_id)
        else:
            with override("vi"):
                task = EditorialApproval.objects.create(name=f"{Role(role).label}: {section.title}"[:255])
            WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=order)
        task.groups.set([group_for(unit, role) for unit in units])


def _held(day: date, user: User | None = None) -> set[tuple[int, int]]:
    """(account, group) of every newsroom role held on a day; groups that do not exist yet are made."""
    rows = Membership.objects.holding(day=day).filter(role__in=ON_PAGES, user__is_active=True)
    if user is not None:
        rows = rows.of(user)
    roles = list(rows.values_list("user_id", "organisation_id", "role"))
    if not roles:
        return set()
    known = {(one.organisation_id, one.role): one.group_id for one in RoleGroup.objects.all()}
    for _user, organisation, role in roles:
        if (organisation, role) not in known:
            known[organisation, role] = group_for(Organisation.objects.get(pk=organisation), role).pk
    return {(account, known[organisation, role]) for account, organisation, role in roles}


def seat(user: User, *, day: date) -> bool:
    """Put an account into the groups of the roles it holds on a day, and out of those it does not; whether any changed.

    Two queries when nothing changed: this is asked at every step in the back office.
    """
    return _seat(_held(day, user), user=user)


def seat_all(*, day: date) -> bool:
    """The same for everybody, so that mails of the workflow reach who holds a role today."""
    return _seat(_held(day))


def _seat(wanted: set[tuple[int, int]], *, user: User | None = None) -> bool:
    through = User.groups.through
    standing = through.objects.filter(group__role_group__isnull=False)
    if user is not None:
        standing = standing.filter(user=user)
    known = {(row.user_id, row.group_id): row.pk for row in standing}
    if known.keys() == wanted:
        return False
    with transaction.atomic():
        standing.filter(pk__in=[pk for key, pk in known.items() if key not in wanted]).delete()
        through.objects.bulk_create(
            [through(user_id=account, group_id=group) for account, group in sorted(wanted - known.keys())],
            ignore_conflicts=True,
        )
    return True


def author_of(user: User) -> Author:
    """The name an account signs with, made of its own name at the first article."""
    from nhipcau.newsroom.services import slug_of

    known = Author.objects.filter(user=user).first()
    if known is not None:
        return known
    slug = slug_of(str(user))
    while Author.objects.filter(slug=slug).exists():
        slug = f"{slug}-{user.pk}"
    return Author.objects.create(name=str(user)[:120], slug=slug[:120], user=user)
