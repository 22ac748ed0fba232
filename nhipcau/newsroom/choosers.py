"""Windows of the back office in which an activity or an author is chosen."""

from django.utils.translation import gettext_lazy as _
from wagtail.admin.viewsets.chooser import ChooserViewSet


class ActivityChooser(ChooserViewSet):
    """An activity of a plan."""

    model = "activities.Activity"
    icon = "calendar-alt"
    choose_one_text = _("Choose an activity")
    choose_another_text = _("Choose another activity")
    edit_item_text = _("Edit this activity")
    per_page = 15


class AuthorChooser(ChooserViewSet):
    """An author."""

    model = "newsroom.Author"
    icon = "user"
    choose_one_text = _("Choose an author")
    choose_another_text = _("Choose another author")
    edit_item_text = _("Edit this author")
    form_fields = ("name",)


activity_chooser = ActivityChooser("activity_chooser", url_prefix="chon-hoat-dong")
author_chooser = AuthorChooser("author_chooser", url_prefix="chon-tac-gia")
