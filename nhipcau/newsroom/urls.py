"""The addresses of this room; those of its pages follow the tree of sections, its pictures have no language."""

from django.contrib.auth.decorators import login_required
from django.urls import path

from nhipcau.newsroom.views import letters, writing

app_name = "newsroom"
signed_in = login_required(login_url="account_login")
urlpatterns = [
    path("lien-he/da-nhan/", letters.contact_sent, name="contact_sent"),
    path("lien-he/<slug:about>/", letters.contact, name="contact"),
    path("ban/hoat-dong/<int:pk>/viet-bai/", signed_in(writing.write_about), name="write_about"),
    path("ban/thu-toa-soan/", letters.enquiries, name="enquiries"),
    path("ban/thu-toa-soan/<int:pk>/", letters.enquiry, name="enquiry"),
]
