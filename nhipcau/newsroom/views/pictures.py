"""Taking a picture away: who looks at the question whether to do it is told first where it is shown."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from wagtail.admin.auth import require_admin_access
from wagtail.images.views.images import DeleteView

from nhipcau.newsroom.models import Article, Picture


class DeletePicture(DeleteView):
    """Wagtail counts uses by an index the worker writes; here the articles themselves are asked, drafts too."""

    object: Picture

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The question, or the articles that show the picture."""
        used = list(Article.objects.keeping([self.object])[:5])
        if used:
            links = format_html_join(
                ", ",
                '<a href="{}">{}</a>',
                ((reverse("wagtailadmin_pages:edit", args=[article.pk]), article.title) for article in used),
            )
            before = _("This picture cannot be deleted now, for articles show it. Please take it out of them first:")
            messages.warning(request, format_html("{} {}", before, links))
            return redirect("wagtailimages:edit", self.object.pk)
        answer: HttpResponse = super().get(request, *args, **kwargs)
        return answer


@require_admin_access
def delete_picture(request: HttpRequest, image_id: int) -> HttpResponse:
    """In place of Wagtail's own, at the same address."""
    answer: HttpResponse = DeletePicture.as_view()(request, image_id=image_id)
    return answer
