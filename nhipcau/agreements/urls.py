"""The addresses of this room."""

from django.contrib.auth.decorators import login_required
from django.urls import path

from nhipcau.agreements import views

app_name = "agreements"
signed_in = login_required(login_url="account_login")
urlpatterns = [
    path("ban-ghi-nho/", signed_in(views.agreement), name="agreement"),
    path("ban-ghi-nho/<int:pk>/chon/", signed_in(views.agreement_choose), name="agreement_choose"),
    path("ban-ghi-nho/<int:pk>/ban-ky/", signed_in(views.signed_file), name="signed_file"),
    path("phu-luc/<int:pk>/ban-ky/", signed_in(views.annex_file), name="annex_file"),
]
