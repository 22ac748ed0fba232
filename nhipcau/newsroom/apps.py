"""What is written and published: articles, sections, pictures and documents, in Wagtail."""

from django.apps import AppConfig


class Newsroom(AppConfig):
    """The room's registration with Django."""

    name = "nhipcau.newsroom"

    def ready(self) -> None:
        """Wagtail's mails take the way all mails take."""
        from nhipcau.newsroom import notices

        notices.lead_through_outbox()
