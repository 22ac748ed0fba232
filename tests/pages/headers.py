"""What each class of address says to browsers and caches beside its content: public, guest's own, desk, uploaded file."""

import re
from typing import Any

from django.http import HttpResponseBase

from nhipcau.core.headers import PERMISSIONS
from tests.pages.visits import NOBODY, Visit

# What says something about one answer only, or is asserted elsewhere.
OF_THE_ANSWER = {
    "Content-Type", "Content-Length", "Content-Language", "Content-Disposition", "Vary", "ETag", "Last-Modified", "Expires", "X-Robots-Tag",
    "X-Request-ID",
}  # fmt: skip
STRICT = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data: blob:",
    "font-src": "'self'",
    "connect-src": "'self'",
    "manifest-src": "'self'",
    "media-src": "'self'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
    "base-uri": "'none'",
}
SANDBOX = {"default-src": "'none'", "style-src": "'unsafe-inline'", "sandbox": ""}
EVERYWHERE = {
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": PERMISSIONS,
}
# What people uploaded; everything else we write ourselves.
UPLOADED = {"evidence:attachment", "reports:signed_file", "wagtaildocs_serve"}
# What readers in a browser may fetch from elsewhere.
FEEDS = {"website:news_feed", "website:section_feed", "website:topic_feed"}
CAMERA = {"attendance:reception"}


def told(response: HttpResponseBase) -> dict[str, Any]:
    """The headers, policies taken apart; how long a public answer may be kept is for its page to say."""
    found: dict[str, Any] = {name: value for name, value in response.items() if name not in OF_THE_ANSWER}
    parts = (part.strip().partition(" ") for part in found["Content-Security-Policy"].split(";") if part.strip())
    found["Content-Security-Policy"] = {name: value for name, _space, value in parts}
    # Django's never_cache says in five words what these two say.
    kept = {part.strip() for part in found["Cache-Control"].split(",")}
    found["Cache-Control"] = {part for part in kept if not re.fullmatch(r"max-age=[1-9]\d*|immutable", part)}
    if "no-store" in kept:
        found["Cache-Control"] -= {"no-cache", "must-revalidate", "max-age=0"}
    return found


def alone(visit: Visit) -> bool:
    """Whether a public page is one visitor's alone: a form, its answer, a month nobody may ask for."""
    return visit.name.startswith("newsroom:contact") or (visit.name, visit.status) == ("website:month", 404)


def expected(visit: Visit) -> dict[str, Any]:
    """What a class of address says, exactly."""
    said: dict[str, Any] = EVERYWHERE | {"Content-Security-Policy": STRICT, "Cache-Control": {"private", "no-store"}}
    if visit.name in UPLOADED:
        said |= {"Content-Security-Policy": SANDBOX, "Cross-Origin-Resource-Policy": "same-origin"}
    elif visit.by == NOBODY and visit.name.startswith(("website:", "newsroom", "wagtail_serve")) and not alone(visit):
        said |= {"Cache-Control": {"public"}}
    if visit.name in FEEDS:
        said |= {"Access-Control-Allow-Origin": "*"}
    if visit.name in CAMERA:
        said |= {
            "Content-Security-Policy": STRICT | {"script-src": "'self' 'wasm-unsafe-eval'"},
            "Permissions-Policy": "camera=(self), microphone=(), geolocation=()",
        }
    return said
