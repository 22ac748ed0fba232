"""How the journal tells what happens to articles; their texts stand in the revisions Wagtail keeps."""

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from nhipcau.core.journal import Thing, declare, read_by, tell
from nhipcau.newsroom.models import Article, Enquiry, Section
from nhipcau.newsroom.rules import access_enquiry

declare(
    Thing(Article, only=("title", "lead", "dateline", "breaking", "embargo_until", "correction", "live")),
    Thing(Enquiry, only=("reason", "organisation", "headline", "state")),
    Thing(Section, only=("title", "intro", "organisation", "live")),
)


@read_by("newsroom.enquiry")
def _who_answers(request: HttpRequest, letter: Enquiry) -> None:
    access_enquiry(request, letter.pk)


tell(
    {
        "newsroom.open_section": _("%(who)s opened the section “%(thing)s”"),
        "newsroom.open_section_edition": _("%(who)s began the page of the section “%(thing)s” in another language"),
        "newsroom.write_article": _("%(who)s drafted the article “%(thing)s”"),
        "newsroom.make_edition": _("%(who)s began the edition “%(thing)s” in another language"),
        "newsroom.revise_edition": _("%(who)s revised the edition “%(thing)s”"),
        "newsroom.confirm_edition": _("%(who)s confirmed that the edition “%(thing)s” answers its source"),
        "newsroom.take_over_blocks": _("%(who)s took new paragraphs over into the edition “%(thing)s”"),
        "newsroom.submit_article": _("%(who)s passed the article “%(thing)s” on for approval"),
        "newsroom.return_article": _("%(who)s sent the article “%(thing)s” back for changes"),
        "newsroom.approve_article": _("%(who)s approved the article “%(thing)s”"),
        "newsroom.note_published": _("%(who)s published the article “%(thing)s”"),
        "newsroom.note_moved": _("%(who)s moved the article “%(thing)s” to another section"),
        "newsroom.receive_enquiry": _("A letter to the editors came in: %(thing)s"),
        "newsroom.answer_enquiry": _("%(who)s noted the letter to the editors as answered: %(thing)s"),
        "newsroom.reopen_enquiry": _("%(who)s reopened the letter to the editors: %(thing)s"),
        "newsroom.note_withdrawn": _("%(who)s took the article “%(thing)s” off the site"),
    }
)
