"""How articles and the documents they offer are found: as last published, and not at all once withdrawn."""

from __future__ import annotations

import re
from collections.abc import Iterator

from django.utils.html import strip_tags

from nhipcau.core import search
from nhipcau.core.search import Text
from nhipcau.newsroom.models import Article, Download, Offered

ARTICLE, DOCUMENT = "newsroom.article", "newsroom.document"


#: Where a line of running text ends: what stands after it is another sentence.
_ENDS = re.compile(r"(</(?:p|h\d|li|blockquote|td|th)>|<br\s*/?>)")


_LINK, _KEY = re.compile(r"<a\b[^>]*>"), re.compile(r'\bid="(\d+)"')


def body_text(article: Article) -> str:
    """The words of the body that are read as running text; no query, whatever the body holds."""
    parts = []
    for block in article.body.raw_data:
        if block["type"] == "text":
            parts.append(strip_tags(_ENDS.sub(r"\1\n", str(block["value"]))))
        elif block["type"] == "quote":
            parts.append(" ".join(str(block["value"].get(name) or "") for name in ("text", "who", "position")))
    return "\n".join(parts)


def article_text(article: Article) -> Text:
    """By headline, lead and body, in its language."""
    body = article.body
    return Text(
        title=(article.title,),
        body=(article.lead, *body.stream_block.get_searchable_content(body)),
        language=article.locale.language_code,
        moment=article.published_at,
    )


def document_text(offered: Offered) -> Text:
    """By its title and the headline of the article that offers it."""
    article = offered.article
    return Text(
        title=(offered.document.title,),
        body=(offered.document.filename, article.title),
        language=article.locale.language_code,
        moment=article.published_at,
    )


def documents_in(article: Article) -> set[int]:
    """The keys of documents the body offers, as blocks or as links within the text; no query."""
    found: set[int] = set()
    for block in article.body.raw_data:
        if block["type"] == "document" and block["value"]:
            found.add(int(block["value"]))
        elif block["type"] == "text":
            links = (tag for tag in _LINK.findall(str(block["value"])) if 'linktype="document"' in tag)
            found |= {int(key) for tag in links for key in _KEY.findall(tag)}
    return found


def follow(article: Article) -> None:
    """Bring what is found of a published article in step with it, as often as one likes."""
    search.put_text(ARTICLE, article.pk, article_text(article))
    wanted = documents_in(article)
    wanted = set(Download.objects.filter(pk__in=wanted).values_list("pk", flat=True)) if wanted else set()
    gone = Offered.objects.filter(article=article).exclude(document__in=wanted)
    _forget(list(gone.values_list("pk", flat=True)))
    known = set(Offered.objects.filter(article=article).values_list("document_id", flat=True))
    Offered.objects.bulk_create(Offered(article=article, document_id=pk) for pk in sorted(wanted - known))
    rows = Offered.objects.filter(article=article).select_related("document", "article__locale")
    search.put_texts(DOCUMENT, [(row.pk, document_text(row)) for row in rows])


def forget(article: Article) -> None:
    """Nothing of a withdrawn article is found."""
    search.remove(ARTICLE, article.pk)
    _forget(list(Offered.objects.filter(article=article).values_list("pk", flat=True)))


def _forget(keys: list[int]) -> None:
    if keys:
        search.remove(DOCUMENT, *keys)
        Offered.objects.filter(pk__in=keys).delete()


@search.source(ARTICLE)
def articles() -> Iterator[tuple[int, Text]]:
    """All that are published, those under embargo too: who may read them is asked when they are looked for."""
    for row in Article.objects.filter(live=True, published_at__isnull=False).select_related("locale").iterator(100):
        yield row.pk, article_text(row)


@search.source(DOCUMENT)
def documents() -> Iterator[tuple[int, Text]]:
    """All that published articles offer."""
    for row in Offered.objects.filter(article__live=True).select_related("document", "article__locale").iterator(500):
        yield row.pk, document_text(row)
