"""Taking a picture or document away: who looks at the question whether to do it is told first which articles have it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy as _
from wagtail.admin.auth import require_admin_access
from wagtail.admin.views import generic
from wagtail.documents.views.documents import DeleteView as DocumentDeleteView
from wagtail.images.views.images import DeleteView as ImageDeleteView

from nhipcau.newsroom.models import Article, Download, Picture


class ToldFirst(generic.DeleteView):
    """Wagtail counts uses by an index the worker writes; here the articles themselves are asked, drafts too."""

    object: Picture | Download
    #: What is said before the headlines, and where one is led back to.
    before: Any
    kept_at: str

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The question, or the articles that have it."""
        used = list(Article.objects.keeping([self.object])[:5])
        if used:
            links = format_html_join(
                ", ",
                '<a href="{}">{}</a>',
                ((reverse("wagtailadmin_pages:edit", args=[article.pk]), article.title) for article in used),
            )
            messages.warning(request, format_html("{} {}", self.before, links))
            return redirect(self.kept_at, self.object.pk)
        answer: HttpResponse = super().get(request, *args, **kwargs)
        return answer


class DeletePicture(ToldFirst, ImageDeleteView):
    """Of a picture."""

    before = _("This picture cannot be deleted now, for articles show it. Please take it out of them first:")
    kept_at = "wagtailimages:edit"


class DeleteDocument(ToldFirst, DocumentDeleteView):
    """Of a document."""

    before = _("This document cannot be deleted now, for articles offer it. Please take it out of them first:")
    kept_at = "wagtaildocs:edit"


@require_admin_access
def delete_picture(request: HttpRequest, image_id: int) -> HttpResponse:
    """In place of Wagtail's own, at the same address."""
    answer: HttpResponse = DeletePicture.as_view()(request, image_id=image_id)
    return answer


@require_admin_access
def delete_document(request: HttpRequest, document_id: int) -> HttpResponse:
    """The same."""
    answer: HttpResponse = DeleteDocument.as_view()(request, document_id=document_id)
    return answer
