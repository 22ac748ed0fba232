"""A public site to be judged by Lighthouse: real data and not the sample, which search engines are told to leave aside."""

import json
from datetime import timedelta

import django

django.setup()

from django.utils.translation import override  # noqa: E402

from nhipcau.core.middleware import clock  # noqa: E402
from nhipcau.newsroom.pictures import make_renditions  # noqa: E402
from tests import makers  # noqa: E402

TITLES = (
    "Khai mạc tọa đàm khởi nghiệp số tại Thành phố Hồ Chí Minh",
    "Báo chí nước ngoài tìm hiểu hệ sinh thái khởi nghiệp của Thành phố",
    "Tập huấn kỹ năng đối ngoại cho phóng viên trẻ",
    "Đoàn phóng viên các nước thăm khu công nghệ cao",
    "Trao đổi kinh nghiệm tổ chức hội nghị quốc tế",
    "Ra mắt chuyên mục thông tin đối ngoại",
)
PARAGRAPH = "<p>" + "Buổi làm việc diễn ra trong không khí cởi mở, các bên thống nhất nội dung phối hợp. " * 6 + "</p>"


def build() -> dict[str, str]:
    """Six activities with registration, six articles with pictures; the addresses of the four pages looked at."""
    now = clock()
    plan = makers.make_plan(makers.make_agreement(), year=now.year)
    indicator = makers.make_indicator(makers.make_objective(plan))
    last = min(now + timedelta(days=20), now.replace(month=12, day=30, hour=2))
    made = []
    for _number in range(6):
        activity = makers.make_activity(plan, indicators=[indicator], topics=["startup"], starts_at=last)
        makers.make_intake(activity, capacity=100, opens_at=now - timedelta(days=2))
        made.append(activity)
    makers.make_consent_wording()
    author = makers.make_author()
    articles = []
    for number, title in enumerate(TITLES):
        picture = makers.make_picture(title[:40], content=makers.a_photograph(1600, 1000))
        make_renditions(picture)
        at = now - timedelta(hours=number + 1)
        body = [("text", PARAGRAPH * 4)]
        articles.append(
            makers.make_article(
                title, published=at, at=at, picture=picture, authors=[author], activities=made[:1], body=body
            )
        )
    with override("vi"):
        return {
            "home": "/",
            "article": articles[0].url,
            "event": f"/hoat-dong/{made[0].slug}/",
            "registration": f"/dang-ky/{made[0].slug}/",
        }


if __name__ == "__main__":
    print(json.dumps(build()))
