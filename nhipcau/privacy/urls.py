"""The addresses of this room: asking and the own page are public, the rest is the desk."""

from django.urls import path

from nhipcau.privacy.views import desk, public

app_name = "privacy"
urlpatterns = [
    path("rieng-tu/du-lieu-cua-toi/", public.ask, name="ask"),
    path("rieng-tu/du-lieu-cua-toi/da-nhan/", public.asked, name="asked"),
    path("rieng-tu/du-lieu-cua-toi/cau-truc.json", public.schema_file, name="schema"),
    path("rieng-tu/du-lieu-cua-toi/<str:token>/", public.own, name="own"),
    path("rieng-tu/du-lieu-cua-toi/<str:token>/du-lieu.json", public.own_file, name="own_file"),
    path("ban/yeu-cau/", desk.requests, name="requests"),
    path("ban/yeu-cau/<int:pk>/", desk.request_page, name="request"),
    path("ban/luu-giu/", desk.retention, name="retention"),
]
