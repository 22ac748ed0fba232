"""The sample's news: in both languages, credited, marked as a sample, told once."""

from datetime import timedelta

import pytest

from nhipcau.newsroom.models import Article, Section
from nhipcau.parties.models import User
from nhipcau.sample.beginnings import Beginning
from nhipcau.sample.content import read
from nhipcau.sample.news import news
from tests import makers

pytestmark = pytest.mark.django_db


def test_news_is_written_once_in_both_languages_with_credit() -> None:
    Beginning(now=makers.NOW, small=True).write()
    for _run in range(2):
        for do in news(now=makers.NOW):
            do()
    public = Article.objects.public(at=makers.NOW + timedelta(hours=3))
    assert public.in_language("vi").count() == len(read("news")["articles"])
    assert public.in_language("en").count() == 3
    assert {(a.is_sample, a.picture.credit) for a in public.select_related("picture")} == {(True, "Minh họa (mẫu)")}
    assert Section.objects.in_language("vi").count() == 3
    assert [group.name for group in User.objects.get(username="truongban.fsc").groups.all()] == [
        "Trưởng Ban Biên tập · FSC"
    ]
