"""Wagtail's pages under their own policy, walked in Chromium: none complains."""

import re

import pytest

from nhipcau.parties.models import User
from tests import makers
from tests.e2e.fixtures import OpenWindow

pytestmark = pytest.mark.django_db(transaction=True)
PAGES = [
    "", "pages/", "pages/1/", "images/", "images/add/", "images/multiple/add/", "documents/", "documents/multiple/add/",
    "account/", "reports/site-history/", "snippets/", "snippets/agreements/agreement/", "snippets/agreements/agreement/add/",
    "snippets/parties/membership/add/", "redirects/",
]  # fmt: skip


@pytest.mark.parametrize("language", ["vi", "en"])
def test_back_office_breaks_no_rule_of_its_own(open_as: OpenWindow, language: str) -> None:
    user = User.objects.filter(username="keeper").first() or makers.make_user(
        "keeper", is_superuser=True, is_staff=True
    )
    window = open_as(user, language=language)
    found, prefix = [], "/en" if language == "en" else ""
    for page in PAGES:
        answer = window.page.goto(f"{window.address}{prefix}/bien-tap/{page}", wait_until="load")
        assert answer is not None
        if answer.status != 200:
            found.append(f"{page}: {answer.status}")
        policies = [
            said for said in window.complaints if re.search("Content.Security|unsafe-eval|violat|Refused", said)
        ]
        found += [f"{page}: {said}" for said in policies]
        window.complaints.clear()
    assert found == []
