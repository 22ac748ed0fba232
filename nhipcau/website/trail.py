"""The way from the front page to a page, as crumbs for readers and as schema.org BreadcrumbList for search engines."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from nhipcau.core.templatetags.nhipcau import home_path
from nhipcau.website.structured import crumbs_json


def trail(*steps: tuple[str, str]) -> dict[str, Any]:
    """The context `crumbs` and `crumbs_json` of a page that stands below these (label, address), home first."""
    crumbs = [(_("Home"), home_path()), *steps]
    return {"crumbs": crumbs, "crumbs_json": crumbs_json(crumbs)}
