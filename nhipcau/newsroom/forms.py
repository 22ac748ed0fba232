"""The forms of the back office in which sections and articles are written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from wagtail.admin.forms import WagtailAdminPageForm

from nhipcau.core import middleware
from nhipcau.core.forms import VietnameseFormMixin

if TYPE_CHECKING:
    from nhipcau.newsroom.models import Article
    from nhipcau.parties.models import User


class PageForm(VietnameseFormMixin, WagtailAdminPageForm):
    """A page of ours: its address is made of the headline, and a clash is said with a way out."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "slug" in self.fields:
            self.fields["slug"].required = False

    def clean(self) -> dict[str, Any]:
        """Make the address of the headline until readers know it; offer a free one where the one asked for is taken."""
        said: dict[str, Any] = super().clean()
        self._make_address(said)
        if (
            self.has_error("slug")
            and self.parent_page is not None
            and (wanted := self.data.get(self.add_prefix("slug")))
        ):
            from nhipcau.newsroom.services import free_slug

            del self.errors["slug"]
            self.add_error(
                "slug",
                _("Another page here already has this address. “%(free)s” is free.")
                % {"free": free_slug(wanted, self.parent_page)},
            )
        return said

    def _make_address(self, said: dict[str, Any]) -> None:
        from nhipcau.newsroom.services import free_slug

        typed = said.get("slug") or ""
        untouched = typed == self.initial.get("slug") and "title" in self.changed_data
        known = self.instance.first_published_at is not None
        if said.get("title") and self.parent_page is not None and not self.has_error("slug"):
            if not typed and known:
                said["slug"] = self.initial.get("slug")
            elif not known and (not typed or untouched):
                said["slug"] = free_slug(said["title"], self.parent_page, besides=self.instance)


class SectionForm(PageForm):
    """A section."""


class ArticleForm(PageForm):
    """An article: what keeps it from being published is said when it is to be published or handed in, not before."""

    instance: Article

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        new, user = kwargs.get("instance"), kwargs.get("for_user")
        if new is not None and new.pk is None and user is not None and not (args and args[0]):
            self._begin(new, user)
        super().__init__(*args, **kwargs)

    @staticmethod
    def _begin(article: Article, user: User) -> None:
        """A new article begins with its author's name and an empty paragraph."""
        from nhipcau.newsroom.boards import author_of
        from nhipcau.newsroom.models import Byline

        article.bylines = [Byline(author=author_of(user))]
        if not article.body:
            article.body = [("text", "")]

    def _post_clean(self) -> None:
        """A draft may lack whatever it likes; what is to be read may not."""
        self.instance.kept_as_draft = True  # asked here, where it can be said at the right place
        super()._post_clean()
        del self.instance.kept_as_draft
        if not self.is_deferred_validation and not self.errors:
            from nhipcau.newsroom.readiness import lacks

            for lack in lacks(self.instance):
                self.add_error(None, ValidationError(lack.message))

    def clean(self) -> dict[str, Any]:
        """Hold an embargo by scheduling for its end, and date a correction."""
        said = super().clean()
        at = middleware.clock()
        embargo = said.get("embargo_until")
        if embargo and embargo > at and (said.get("go_live_at") or at) < embargo:
            said["go_live_at"] = embargo
        if said.get("correction") and not said.get("corrected_at"):
            said["corrected_at"] = at
        return said

    def save(self, commit: bool = True) -> Any:  # noqa: FBT001, FBT002  (Django's own signature)
        """Note which paragraphs of an edition answer the source of today."""
        from nhipcau.newsroom.editions import as_read, source_of

        source = source_of(self.instance) if self.instance.pk else None
        if source is not None:
            from nhipcau.newsroom.services import note_answers

            note_answers(edition=self.instance, source=as_read(source))
        return super().save(commit=commit)
