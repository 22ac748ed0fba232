"""All addresses: Vietnamese at the root, English under /en/; files and machine addresses have no language."""

from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path, re_path
from django.views.decorators.cache import never_cache
from django.views.generic import RedirectView
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.admin.auth import require_admin_access

from nhipcau.accounts.back_office import OwnSettings
from nhipcau.newsroom.views import files, pages
from nhipcau.website.caching import public_page

urlpatterns = [
    path("", include("nhipcau.core.machine_urls")),
    path("tai-lieu/<int:document_id>/<str:document_filename>", files.document, name="wagtaildocs_serve"),
    # Where Wagtail sends people whom a closed collection or page asks to sign in.
    path("vao/", RedirectView.as_view(pattern_name="account_login", query_string=True), name="wagtailcore_login"),
    path(settings.MEDIA_URL.strip("/") + "/images/<str:name>", files.rendition, name="newsroom_rendition"),
    *i18n_patterns(
        path(f"{settings.CMS_PATH}login/", RedirectView.as_view(pattern_name="account_login", query_string=True)),
        path(f"{settings.CMS_PATH}account/", never_cache(require_admin_access(OwnSettings.as_view()))),
        path(settings.CMS_PATH, include(wagtailadmin_urls)),
        path("tai-khoan/", include("nhipcau.accounts.allauth_urls")),
        path("ban/", include("nhipcau.desk.urls")),
        path("ban/", include("nhipcau.reports.urls")),
        path("ban/", include("nhipcau.evidence.urls")),
        path("ban/", include("nhipcau.activities.urls")),
        path("ban/", include("nhipcau.plans.urls")),
        path("ban/", include("nhipcau.agreements.urls")),
        path("ban/", include("nhipcau.outbox.urls")),
        re_path(r"^tin/((?:[\w-]+/)*)$", public_page(words=["page"])(pages.serve), name="wagtail_serve"),
        path("", include("nhipcau.newsroom.urls")),
        path("", include("nhipcau.privacy.urls")),
        path("", include("nhipcau.attendance.urls")),
        path("", include("nhipcau.accounts.urls")),
        path("", include("nhipcau.core.urls")),
        path("", include("nhipcau.website.urls")),
        prefix_default_language=False,
    ),
]
handler400 = "nhipcau.core.views.bad_request"
handler403 = "nhipcau.core.views.forbidden"
handler404 = "nhipcau.core.views.not_found"
handler429 = "nhipcau.core.views.too_many"  # allauth's own limits answer by it
handler500 = "nhipcau.core.views.server_error"
