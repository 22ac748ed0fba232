"""What every answer says to browsers and caches beside its content; what a view says itself stands.

Closed unless opened: an answer that says nothing about being kept is kept by nobody, and no page gets at a device unless it
asks for it (the reception desk, the camera). The back office is Wagtail's, so it has a policy of its own, as strict as works:
nothing from elsewhere, no script but from a file of ours, no eval, framed by itself alone. Styles may still stand in its
pages: its templates carry `style` attributes, and what draws its editor and its tips writes `<style>` without a nonce.
"""

from collections.abc import Callable

from csp.constants import NONE, SELF, UNSAFE_INLINE
from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import get_language_from_path

KEPT_BY_NOBODY = "private, no-store"
_DEVICES = (
    "camera",
    "display-capture",
    "geolocation",
    "gyroscope",
    "magnetometer",
    "microphone",
    "midi",
    "payment",
    "usb",
)
PERMISSIONS = ", ".join(f"{device}=()" for device in _DEVICES)
BACK_OFFICE = {
    "default-src": [NONE],
    "script-src": [SELF],  # newsroom/starting.py sees to it that no page of Wagtail's needs its own
    "style-src": [SELF, UNSAFE_INLINE],
    "img-src": [SELF, "data:", "blob:"],
    "font-src": [SELF],
    "connect-src": [SELF],
    "media-src": [SELF, "blob:"],
    "frame-src": [SELF],  # the preview beside the text
    "form-action": [SELF],
    "frame-ancestors": [SELF],
    "base-uri": [NONE],
}


def in_back_office(path: str) -> bool:
    """Whether an address is Wagtail's, in either language."""
    language = get_language_from_path(path)
    return path.removeprefix(f"/{language}" if language else "").startswith(f"/{settings.CMS_PATH}")


class Headers:
    """Add what a view left unsaid; stands inside the CSP middleware, which writes the policy."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer, then say the rest."""
        response = self.get_response(request)
        response.setdefault("Cache-Control", KEPT_BY_NOBODY)
        response.setdefault("Permissions-Policy", PERMISSIONS)
        if in_back_office(request.path_info):
            # A preview is drawn by a request within this one, as readers would see it: where nobody may frame it.
            del response["Content-Security-Policy"]
            # As django-csp's own decorator does it.
            response._csp_config = BACK_OFFICE  # type: ignore[attr-defined]  # noqa: SLF001
        return response
