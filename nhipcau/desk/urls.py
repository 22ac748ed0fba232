"""The addresses of this room."""

from django.urls import path

from nhipcau.desk import journal_views, views

app_name = "desk"
urlpatterns = [
    path("", views.today, name="today"),
    path("lo-trinh/", views.roadmap, name="roadmap"),
    path("tim/", views.find, name="search"),
    path("he-thong/", views.system, name="system"),
    path("nhat-ky/", journal_views.journal_list, name="journal"),
    path("nhat-ky/nhat-ky.xlsx", journal_views.journal_sheet, name="journal_sheet"),
    path("nhat-ky/nhat-ky.csv", journal_views.journal_csv, name="journal_csv"),
    path("nhat-ky/<str:kind>/<str:key>/", journal_views.story, name="story"),
    path("nhat-ky/<str:kind>/<str:key>/nhat-ky.xlsx", journal_views.story_sheet, name="story_sheet"),
    path("nhat-ky/<str:kind>/<str:key>/nhat-ky.csv", journal_views.story_csv, name="story_csv"),
    path("bat-dau/", views.first_administrator, name="first_administrator"),
]
