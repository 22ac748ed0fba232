"""The addresses of this room."""

from django.urls import path

from nhipcau.website import views

app_name = "website"
urlpatterns = [
    path("", views.home, name="home"),
    path("lich/", views.calendar, name="calendar"),
    path("lich.ics", views.calendar_ics, name="calendar_ics"),
    path("hoat-dong/<slug:slug>/", views.event, name="event"),
    path("hoat-dong/<slug:slug>.ics", views.event_ics, name="event_ics"),
    path("ban-ghi-nho/", views.agreement, name="agreement"),
    path("ket-qua/", views.progress, name="progress"),
    path("kiem-tra/", views.check, name="check"),
    path("kiem-tra/<str:code>/", views.check_report, name="check_report"),
    path("rieng-tu/", views.privacy, name="privacy"),
    path("tiep-can/", views.accessibility, name="accessibility"),
    path("robots.txt", views.robots, name="robots"),
    path("sitemap.xml", views.sitemap, name="sitemap"),
]
