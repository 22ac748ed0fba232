"""Public pages drawn once for everybody: kept whole by each web process, answered before Django's stack begins.

`may_keep` marks an answer as the same for everybody; `Keep`, the outermost middleware, keeps it with every header it went
out with; `Kept`, around the WSGI application, answers by it as long as `stamps` says that nothing has changed and no moment
has passed that changes pages. Whoever brings a session, a message or the mark of having just written something is let
through to Django, and nothing that sets or reads a cookie is kept.
"""

from __future__ import annotations

import gzip
import logging
from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import blake2b
from threading import Lock
from time import perf_counter
from typing import Any
from urllib.parse import parse_qsl, urlencode

from django.conf import settings
from django.core.cache import caches
from django.http import HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.utils.http import http_date, parse_http_date_safe

from nhipcau.core import logs, metrics, middleware, stamps
from nhipcau.core.replica import COOKIE as WROTE

Environ = dict[str, Any]
StartResponse = Callable[..., Any]
Application = Callable[[Environ, StartResponse], Iterable[bytes]]
Headers = list[tuple[str, str]]

log = logging.getLogger("nhipcau.requests")
OK, NOT_MODIFIED = 200, 304
MOST_BYTES = 48 * 1024 * 1024  # in each process
MOST_QUERY = 200
WORTH_PACKING = 600
REQUEST_ID = "X-Request-ID"
_OWN = {"content-length", "x-request-id", "etag", "last-modified", "vary", "set-cookie"}
_PACKED = ("text/", "application/json", "application/xml", "application/feed+json", "application/rss+xml", "image/svg+xml",
           "application/atom+xml", "application/ld+json", "application/manifest+json", "application/ninjs+json")  # fmt: skip


@dataclass(frozen=True)
class Page:
    """One page as it goes out: plain and packed."""

    stamp: str
    until: datetime
    view: str
    etag: str
    changed: int  # seconds since 1970
    plain: bytes
    packed: bytes
    headers: tuple[tuple[str, str], ...]

    @property
    def size(self) -> int:
        """Bytes it takes, roughly."""
        return len(self.plain) + len(self.packed) + 2000

    def not_modified(self, environ: Environ) -> bool:
        """Whether the visitor has it already (RFC 9110, 13.2.2)."""
        tags = environ.get("HTTP_IF_NONE_MATCH")
        if tags is not None:
            bare = self.etag.removeprefix("W/")
            return tags.strip() == "*" or bare in {tag.strip().removeprefix("W/") for tag in tags.split(",")}
        since = environ.get("HTTP_IF_MODIFIED_SINCE")
        moment = parse_http_date_safe(since) if since else None
        return moment is not None and self.changed <= moment

    def form(self, environ: Environ) -> tuple[int, Headers, bytes]:
        """Status, headers and content for one visitor."""
        headers = [*self.headers, ("ETag", self.etag), ("Last-Modified", http_date(self.changed))]
        if self.packed:
            headers.append(("Vary", "Accept-Encoding"))
        if self.not_modified(environ):
            return NOT_MODIFIED, [pair for pair in headers if not pair[0].startswith("Content-")], b""
        content = self.plain
        if self.packed and _takes_gzip(environ.get("HTTP_ACCEPT_ENCODING", "")):
            content = self.packed
            headers.append(("Content-Encoding", "gzip"))
        headers.append(("Content-Length", str(len(content))))
        return OK, headers, b"" if environ["REQUEST_METHOD"] == "HEAD" else content


def _takes_gzip(accepted: str) -> bool:
    return any(
        coding.partition(";")[0].strip() in {"gzip", "*"} and coding.partition("=")[2].strip() not in {"0", "0.0"}
        for coding in accepted.split(",")
    )


class Store:
    """Pages by address, the longest unasked going first when there are too many."""

    def __init__(self) -> None:
        self._pages: OrderedDict[str, Page] = OrderedDict()
        self._known: OrderedDict[str, frozenset[str] | None] = OrderedDict()  # the words a page listens to, by its path
        self._lock = Lock()
        self._bytes = 0

    def listens(self, path: str) -> frozenset[str] | None:
        """The words of a query a page listens to; None where that is not known or may be any."""
        return self._known.get(path)

    def get(self, key: str) -> Page | None:
        """What is kept, fresh or not."""
        page = self._pages.get(key)
        if page is not None:
            with self._lock:
                if key in self._pages:
                    self._pages.move_to_end(key)
        return page

    def put(self, key: str, path: str, words: frozenset[str] | None, page: Page) -> None:
        """Keep it, in the place of what was there."""
        with self._lock:
            old = self._pages.pop(key, None)
            self._bytes += page.size - (old.size if old else 0)
            self._pages[key] = page
            self._known[path] = words
            while self._bytes > MOST_BYTES and len(self._pages) > 1:
                _key, gone = self._pages.popitem(last=False)
                self._bytes -= gone.size
            while len(self._known) > 20_000:
                self._known.popitem(last=False)

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._pages.clear()
            self._known.clear()
            self._bytes = 0

    def __len__(self) -> int:
        return len(self._pages)


store = Store()


def forget() -> None:
    """Forget what this process kept and read."""
    store.clear()
    stamps.forget()


def _key(environ: Environ, query: str) -> str:
    scheme = environ.get("HTTP_X_FORWARDED_PROTO") or environ.get("wsgi.url_scheme", "")
    host = environ.get("HTTP_HOST", "")
    return f"{scheme} {host} {environ.get('SCRIPT_NAME', '')}{environ.get('PATH_INFO', '')}?{query}"


def canonical(query: str, words: Iterable[str]) -> str:
    """A query with only the words a page listens to, in one order, without empty ones."""
    wanted = set(words)
    pairs = [(name, value) for name, value in parse_qsl(query) if name in wanted]
    return urlencode(sorted(pairs, key=lambda pair: pair[0]))


def for_everybody(environ: Environ) -> bool:
    """Whether a request may be answered by what was drawn for another."""
    if environ.get("REQUEST_METHOD") not in {"GET", "HEAD"}:
        return False
    if "HTTP_HX_REQUEST" in environ or "HTTP_AUTHORIZATION" in environ:
        return False
    cookies = environ.get("HTTP_COOKIE")
    return not cookies or not any(f"{name}=" in cookies for name in (settings.SESSION_COOKIE_NAME, "messages", WROTE))


@dataclass
class Ticket:
    """What a request carries that may be answered by a kept page next time."""

    mark: stamps.Mark
    page: HttpResponse | None = None  # as its view gave it
    words: frozenset[str] | None = None
    query: str = ""
    changed: int | None = None  # where the view says so itself


TICKET = "nhipcau.ticket"


def may_keep(
    request: HttpRequest, draw: Callable[[], HttpResponse], *, words: Iterable[str] | None, anew: Iterable[str] = ()
) -> HttpResponse:
    """Draw what is the same for everybody; the page listens to `words` of the query and sees no others.

    With None it sees the query as it came, and is kept only where there is none; nor is it kept with a word of `anew`.
    """
    given = request.META.get("QUERY_STRING", "")
    if words is not None and given:
        query = canonical(given, words)
        request.GET = QueryDict(query)
        request.META["QUERY_STRING"] = query
    response = draw()
    ticket: Ticket | None = request.META.get(TICKET)
    query = request.META.get("QUERY_STRING", "")
    if (
        ticket
        and response.status_code == OK
        and not response.streaming
        and (words is not None or not given)
        and not any(name in anew for name in request.GET)
        and len(query) <= MOST_QUERY
    ):
        ticket.page, ticket.query = response, query
        ticket.words = None if words is None else frozenset(words)
        if response.has_header("Last-Modified"):
            ticket.changed = parse_http_date_safe(response["Last-Modified"])
    return response


class Keep:
    """The outermost middleware: keeps what went out, with every header the others added."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer; keep it where it may be kept, and then answer as the next one will be."""
        response = self.get_response(request)
        ticket: Ticket | None = request.META.get(TICKET)
        drawn = ticket.page if ticket else None
        if ticket is None or drawn is None or response.status_code not in {OK, NOT_MODIFIED}:
            return response
        if (
            response.cookies
            or drawn.cookies
            or "cookie" in f"{response.get('Vary', '')}{drawn.get('Vary', '')}".lower()
        ):
            return response
        page = _page(request, ticket, drawn, response)
        key = _key(request.META, ticket.query)
        path = request.META.get("PATH_INFO", "")
        store.put(key, path, ticket.words, page)
        _share(key, path, ticket.words, page)
        status, headers, content = page.form(request.META)
        answer = HttpResponse(content, status=status)
        del answer["Content-Type"]
        for name, value in [*headers, (REQUEST_ID, response.get(REQUEST_ID, ""))]:
            answer[name] = value
        return answer


def _page(request: HttpRequest, ticket: Ticket, drawn: HttpResponse, sent: HttpResponseBase) -> Page:
    headers = {**dict(drawn.items()), **dict(sent.items())}
    content = bytes(drawn.content)
    kind = headers.get("Content-Type", "")
    packs = len(content) >= WORTH_PACKING and kind.startswith(_PACKED)
    etag = f'W/"{blake2b(content, digest_size=12).hexdigest()}"'
    now = middleware.clock()
    before = store.get(_key(request.META, ticket.query))
    # A page drawn anew and found the same has not changed since.
    changed = ticket.changed or (before.changed if before and before.etag == etag else int(now.timestamp()))
    return Page(
        stamp=ticket.mark.stamp,
        until=min(ticket.mark.until, now + timedelta(seconds=settings.PUBLIC_PAGE_SECONDS)),
        view=request.resolver_match.view_name if request.resolver_match else "",
        etag=etag,
        changed=changed,
        plain=content,
        packed=gzip.compress(content, 6, mtime=0) if packs else b"",
        headers=tuple((name, value) for name, value in headers.items() if name.lower() not in _OWN),
    )


def _shared_key(key: str, stamp: str) -> str:
    return "page:" + blake2b(f"{stamp} {key}".encode(), digest_size=16).hexdigest()


def _words_key(path: str) -> str:
    return "words:" + blake2b(path.encode(), digest_size=16).hexdigest()


def _share(key: str, path: str, words: frozenset[str] | None, page: Page) -> None:
    """Where processes share a Redis, one draws for all."""
    if settings.CACHE_URL:
        caches["default"].set(_shared_key(key, page.stamp), page, settings.PUBLIC_PAGE_SECONDS)
        if words is not None:
            caches["default"].set(_words_key(path), words, settings.PUBLIC_PAGE_SECONDS)


class Kept:
    """Around the application: answers by what is kept, else lets Django answer and keep it."""

    def __init__(self, application: Application) -> None:
        self.application = application

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """One request."""
        environ.pop(TICKET, None)
        if not settings.PUBLIC_PAGE_SECONDS or not for_everybody(environ):
            return self.application(environ, start_response)
        began = perf_counter()
        mark = stamps.current()
        if mark is None:
            return self.application(environ, start_response)
        page = self._find(environ, mark)
        if page is None:
            environ[TICKET] = Ticket(mark)
            return self.application(environ, start_response)
        status, headers, content = page.form(environ)
        offered = environ.get("HTTP_X_REQUEST_ID", "") if settings.TRUSTED_PROXIES else ""
        request_id = logs.new_request_id(offered)
        headers.append((REQUEST_ID, request_id))
        start_response("200 OK" if status == OK else "304 Not Modified", headers)
        self._write_down(page, environ, request_id, status, perf_counter() - began)
        return [content]

    def _find(self, environ: Environ, mark: stamps.Mark) -> Page | None:
        query = environ.get("QUERY_STRING", "")
        path = environ.get("PATH_INFO", "")
        if query:
            words = store.listens(path)
            if words is None and settings.CACHE_URL:
                words = caches["default"].get(_words_key(path))
            if not isinstance(words, frozenset):
                return None
            query = canonical(query, words)
        key = _key(environ, query)
        page = store.get(key)
        now = middleware.clock()
        if page is not None and page.stamp == mark.stamp and now < page.until:
            return page
        if settings.CACHE_URL:
            found = caches["default"].get(_shared_key(key, mark.stamp))
            if isinstance(found, Page) and now < found.until:
                store.put(key, path, store.listens(path), found)
                return found
        return None

    def _write_down(self, page: Page, environ: Environ, request_id: str, status: int, seconds: float) -> None:
        method = environ["REQUEST_METHOD"]
        metrics.answered(view=page.view, method=method, status=status, seconds=seconds, statements=0)
        if not log.isEnabledFor(logging.INFO):
            return
        token = logs.enter(request_id)
        try:
            log.info("answered", extra={"told": {"view": page.view, "method": method, "status": status,
                     "ms": round(seconds * 1000, 1), "statements": 0, "kept": True}})  # fmt: skip
        finally:
            logs.leave(token)
