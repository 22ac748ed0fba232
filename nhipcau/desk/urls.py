"""The addresses of this room."""

from django.urls import path

from nhipcau.desk import views

app_name = "desk"
urlpatterns = [
    path("", views.today, name="today"),
    path("lo-trinh/", views.roadmap, name="roadmap"),
    path("tim/", views.find, name="search"),
    path("he-thong/", views.system, name="system"),
    path("bat-dau/", views.first_administrator, name="first_administrator"),
]
