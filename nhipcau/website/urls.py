"""The addresses of this room."""

from django.urls import path, re_path

from nhipcau.website.views import agreement, calendar, cards, events, feeds, home, machines, news, plain, search

app_name = "website"
FEED = "rss|atom|json|ninjs"
urlpatterns = [
    path("", home.home, name="home"),
    path("lich/", calendar.calendar, name="calendar"),
    path("lich/<int:year>/<int:month>/", calendar.month, name="month"),
    path("lich.ics", calendar.calendar_ics, name="calendar_ics"),
    path("hoat-dong/<slug:slug>/", events.event, name="event"),
    path("hoat-dong/<slug:slug>.ics", calendar.event_ics, name="event_ics"),
    path("hoat-dong/<slug:slug>.png", cards.event_card, name="event_card"),
    path("anh-chia-se.png", cards.site_card, name="site_card"),
    path("anh-chia-se/<int:pk>.png", cards.article_card, name="article_card"),
    path("chu-de/<slug:slug>/", news.topic, name="topic"),
    path("tac-gia/<slug:slug>/", news.author, name="author"),
    path("ban-ghi-nho/", agreement.agreement, name="agreement"),
    path("ket-qua/", agreement.progress, name="progress"),
    path("kiem-tra/", agreement.check, name="check"),
    path("kiem-tra/<str:code>/", agreement.check_report, name="check_report"),
    path("tim-kiem/", search.search, name="search"),
    path("tim-kiem/goi-y/", search.suggest, name="suggest"),
    path("gioi-thieu/", plain.about, name="about"),
    path("rieng-tu/", plain.privacy, name="privacy"),
    path("tiep-can/", plain.accessibility, name="accessibility"),
    path("opensearch.xml", machines.opensearch, name="opensearch"),
    path("robots.txt", machines.robots, name="robots"),
    path("sitemap.xml", machines.sitemap, name="sitemap"),
    path("sitemap-tin.xml", machines.news_sitemap, name="news_sitemap"),
    re_path(rf"^tin\.(?P<form>{FEED})$", feeds.news, name="news_feed"),
    re_path(rf"^tin/(?P<slug>[\w-]+)\.(?P<form>{FEED})$", feeds.section, name="section_feed"),
    re_path(rf"^chu-de/(?P<slug>[\w-]+)\.(?P<form>{FEED})$", feeds.topic, name="topic_feed"),
    path("lich/linh-vuc/<slug:slug>.ics", feeds.area_ics, name="area_ics"),
    path("lich/chu-de/<slug:slug>.ics", feeds.topic_ics, name="topic_ics"),
    path("lich/don-vi/<int:pk>.ics", feeds.organisation_ics, name="organisation_ics"),
]
