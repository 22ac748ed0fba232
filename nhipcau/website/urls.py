"""The addresses of this room."""

from django.urls import path

from nhipcau.website.views import agreement, calendar, events, home, machines, plain, search

app_name = "website"
urlpatterns = [
    path("", home.home, name="home"),
    path("lich/", calendar.calendar, name="calendar"),
    path("lich.ics", calendar.calendar_ics, name="calendar_ics"),
    path("hoat-dong/<slug:slug>/", events.event, name="event"),
    path("hoat-dong/<slug:slug>.ics", calendar.event_ics, name="event_ics"),
    path("ban-ghi-nho/", agreement.agreement, name="agreement"),
    path("ket-qua/", agreement.progress, name="progress"),
    path("kiem-tra/", agreement.check, name="check"),
    path("kiem-tra/<str:code>/", agreement.check_report, name="check_report"),
    path("tim-kiem/", search.search, name="search"),
    path("tim-kiem/goi-y/", search.suggest, name="suggest"),
    path("rieng-tu/", plain.privacy, name="privacy"),
    path("tiep-can/", plain.accessibility, name="accessibility"),
    path("robots.txt", machines.robots, name="robots"),
    path("sitemap.xml", machines.sitemap, name="sitemap"),
]
