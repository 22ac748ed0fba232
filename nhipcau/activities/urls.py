"""The addresses of this room."""

from django.contrib.auth.decorators import login_required
from django.urls import path

from nhipcau.activities import views

app_name = "activities"
signed_in = login_required(login_url="account_login")
urlpatterns = [
    path("hoat-dong/", signed_in(views.activities), name="activities"),
    path("hoat-dong/hoat-dong.xlsx", signed_in(views.activities_sheet), name="activities_sheet"),
    path("hoat-dong/moi/", signed_in(views.activity_new), name="activity_new"),
    path("hoat-dong/<int:pk>/", signed_in(views.activity), name="activity"),
    path("hoat-dong/<int:pk>/sua/", signed_in(views.activity_edit), name="activity_edit"),
    path("hoat-dong/<int:pk>/dien-gia/", signed_in(views.activity_speakers), name="activity_speakers"),
    path("hoat-dong/<int:pk>/kich-ban/", signed_in(views.activity_sessions), name="activity_sessions"),
    path("hoat-dong/<int:pk>/xac-nhan-to-chuc/", signed_in(views.activity_hold), name="activity_hold"),
    path("hoat-dong/<int:pk>/hoan-tat/", signed_in(views.activity_close), name="activity_close"),
    path("hoat-dong/<int:pk>/doi-lich/", signed_in(views.activity_move), name="activity_move"),
    path("hoat-dong/<int:pk>/huy/", signed_in(views.activity_cancel), name="activity_cancel"),
    path("hoat-dong/<int:pk>/mo-lai/", signed_in(views.activity_reopen), name="activity_reopen"),
]
