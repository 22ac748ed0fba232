"""What Wagtail says in English only, or in whatever language was spoken when its modules were read: made to follow the reader.

Its catalogue is ours (locale/wagtail) and reaches all that it marks and asks for in time. Left are sentences its templates do
not mark, labels Django makes of field names, and labels it translates once, at import. Each is named here, and a test fails
when a version of Wagtail no longer has it. So are the addresses of its menu, which it makes for whoever comes first.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, wraps
from typing import Any, Final

from django.conf import settings
from django.template import Origin
from django.template.loaders import app_directories
from django.urls import translate_url
from django.utils.module_loading import import_string
from django.utils.translation import get_language, get_language_from_path, gettext, gettext_lazy, override

#: In templates of Wagtail: what stands there, and what is read instead.
MENDED: Final[dict[str, tuple[tuple[str, str], ...]]] = {
    "wagtailadmin/shared/headers/_actions.html": (
        ('aria-label="Actions"', """{% load i18n %}aria-label="{% trans 'Actions' %}\""""),
    ),
    "wagtailadmin/home.html": (('value="Search"', "value=\"{% trans 'Search' %}\""),),
    # Wagtail's own handbook is in English and tells of much that nobody sees here.
    "wagtailadmin/home/account_summary.html": (
        (
            "{% wagtail_version as current_version %}\n            <li>",
            "{% wagtail_version as current_version %}\n            <li hidden>",
        ),
    ),
    "wagtailadmin/shared/side_panel_toggle.html": (("{{ count|", "{{ count|default_if_none:''|"),),
    "wagtailadmin/shared/header.html": (('value="Search"', "value=\"{% trans 'Search' %}\""),),
    "wagtailadmin/tables/boolean_cell.html": (("value|stringformat:'s'", "value|yesno"),),
    "wagtailadmin/shared/user_avatar.html": (("{{ user }}", "{{ user|default_if_none:'–' }}"),),
    "wagtailadmin/pages/listing/_page_title_column_header.html": (
        (
            "items_count=items_count|intcomma %}",
            "items_count=items_count|intcomma model_name=model_name|default_if_none:'' %}",
        ),
    ),
    "wagtailimages/chooser/results.html": (('title="Select {% if', "title=\"{% trans 'Select' %} {% if"),),
    "wagtailusers/groups/includes/page_permissions_form.html": (
        ("{{ option.choice_label }}", "{% trans option.data.value.instance.name %}"),
    ),
    "wagtailusers/groups/includes/formatted_permissions.html": tuple(
        (
            f"{{{{ content_perms_dict.{act}.perm.name }}}}",
            f"{{% trans '{word}' %}} {{{{ content_perms_dict.object }}}}",
        )
        for act, word in (("add", "Add"), ("change", "Change"), ("delete", "Delete"))
    ),
}


class Loader(app_directories.Loader):
    """Django's own, with `MENDED` read over Wagtail's words."""

    def get_contents(self, origin: Origin) -> str:
        """The template's text."""
        text = super().get_contents(origin)
        for there, instead in MENDED.get(str(origin.template_name), ()):
            text = text.replace(there, instead)
        return text


#: Labels of forms: the class, the field, the words Wagtail has for it in its catalogue or ours.
LABELS: Final[tuple[tuple[str, str, str], ...]] = (
    ("wagtail.admin.forms.choosers.ExternalLinkChooserForm", "link_text", "Link text"),
    ("wagtail.admin.forms.choosers.AnchorLinkChooserForm", "link_text", "Link text"),
    ("wagtail.admin.forms.choosers.EmailLinkChooserForm", "link_text", "Link text"),
    ("wagtail.admin.forms.choosers.EmailLinkChooserForm", "email_address", "Email address"),
    ("wagtail.admin.forms.choosers.EmailLinkChooserForm", "subject", "Subject"),
    ("wagtail.admin.forms.choosers.EmailLinkChooserForm", "body", "Body"),
    ("wagtail.admin.forms.choosers.PhoneLinkChooserForm", "link_text", "Link text"),
    ("wagtail.admin.forms.choosers.PhoneLinkChooserForm", "phone_number", "Phone number"),
    ("wagtail.admin.forms.workflows.WorkflowPageForm", "page", "Page"),
    ("wagtail.users.forms.PagePermissionsForm", "page", "Page"),
    ("wagtail.users.views.bulk_actions.assign_role.RoleForm", "role", "Role"),
    ("wagtail.forms.TaskStateCommentForm", "comment", "Comment"),
    ("wagtail.images.forms.ImageInsertionForm", "format", "Format"),
    ("wagtail.images.forms.ImageInsertionForm", "image_is_decorative", "Image is decorative"),
    ("wagtail.images.forms.ImageInsertionForm", "alt_text", "Alt text"),
)
#: What a group may do with the members of collections: the formset, and each permission with its head and its name.
PERMISSIONS: Final[tuple[tuple[str, tuple[tuple[str, str, str], ...]], ...]] = (
    (
        "wagtail.admin.forms.collections.GroupCollectionManagementPermissionFormSet",
        (
            ("add_collection", "Add", "Add collections"),
            ("change_collection", "Edit", "Edit collections"),
            ("delete_collection", "Delete", "Delete collections"),
        ),
    ),
    (
        "wagtail.documents.forms.GroupDocumentPermissionFormSet",
        (
            ("add_document", "Add", "Add/edit documents you own"),
            ("change_document", "Edit", "Edit any document"),
            ("choose_document", "Choose", "Select documents in choosers"),
        ),
    ),
    (
        "wagtail.images.forms.GroupImagePermissionFormSet",
        (
            ("add_image", "Add", "Add/edit images you own"),
            ("change_image", "Edit", "Edit any image"),
            ("choose_image", "Choose", "Select images in choosers"),
        ),
    ),
)
CHOOSERS: Final = {
    "choose_one_text": "Choose",
    "choose_another_text": "Choose another",
    "edit_item_text": "Edit",
    "search_tab_label": "Search",
    "create_action_label": "Create",
}
SNIPPETS: Final = {
    "choose_one_text": "Choose %(object)s",
    "choose_another_text": "Choose another %(object)s",
    "link_to_chosen_text": "Edit this %(object)s",
}
SITES: Final = {"port": "Port", "site_name": "Site name", "root_page": "Root page"}
REDIRECTS: Final = ("Type", "Permanent", "Temporary", "All")
SHEET: Final = {"old_path": "From", "site": "Site", "link": "To", "get_is_permanent_display": "Type"}
#: Made once for everybody, and kept with their addresses.
ADDRESSED: Final = ("wagtail.admin.menu.MenuItem", "wagtail.admin.search.SearchArea")
COLLECTION: Final = "Collection"
TASK_TYPE: Final = "Task type"


def follow_the_reader() -> None:
    """Put words that are looked up when they are read where Wagtail has none. May run as often as one likes."""
    for path, name, words in LABELS:
        import_string(path).base_fields[name].label = gettext_lazy(words)
    for path, acts in PERMISSIONS:
        formset = import_string(path)
        formset.permission_types[:] = [(code, gettext_lazy(head), gettext_lazy(name)) for code, head, name in acts]
        formset.form.base_fields["collection"].label = gettext_lazy(COLLECTION)
    chooser = import_string("wagtail.admin.viewsets.chooser.ChooserViewSet")
    for name, words in CHOOSERS.items():
        setattr(chooser, name, gettext_lazy(words))
    snippets = import_string("wagtail.snippets.widgets.AdminSnippetChooser")
    for name, words in SNIPPETS.items():
        setattr(snippets, name, property(_of_model(words), _unheard))
    for column in import_string("wagtail.sites.views.IndexView").columns:
        if column.name in SITES:
            column.label = gettext_lazy(SITES[column.name])
    for path in ADDRESSED:
        import_string(path).url = property(_address, _keep_address)
    _redirects()
    _tasks()


def _address(item: Any) -> str:
    return _in_language(str(item.__dict__["url"]), get_language() or settings.LANGUAGE_CODE)


def _keep_address(item: Any, url: Any) -> None:
    item.__dict__["url"] = url


@cache
def _in_language(url: str, language: str) -> str:
    with override(get_language_from_path(url) or settings.LANGUAGE_CODE):
        return translate_url(url, language)


def _of_model(words: str) -> Callable[[Any], str]:
    return lambda widget: gettext(words) % {"object": widget.model._meta.verbose_name}


def _unheard(_widget: Any, _words: str) -> None:
    """What the widget was told in the language of that moment."""


def _redirects() -> None:
    kind = import_string("wagtail.contrib.redirects.filters.RedirectsReportFilterSet").base_filters["is_permanent"]
    label, lasting, passing, every = (gettext_lazy(words) for words in REDIRECTS)
    kind.label = label
    kind.extra |= {"choices": ((True, lasting), (False, passing)), "empty_label": every}
    heads = import_string("wagtail.contrib.redirects.views.IndexView").export_headings
    heads |= {name: gettext_lazy(words) for name, words in SHEET.items()}


def _tasks() -> None:
    form = import_string("wagtail.admin.forms.workflows.TaskChooserSearchForm")
    begin = getattr(form.__init__, "__wrapped__", form.__init__)

    @wraps(begin)
    def begin_labelled(self: Any, *args: Any, **more: Any) -> None:
        begin(self, *args, **more)
        if "task_type" in self.fields:
            self.fields["task_type"].label = gettext(TASK_TYPE)

    form.__init__ = begin_labelled
