"""The addresses of this room; those of its pages follow the tree of sections, its pictures have no language."""

from django.urls import path

from nhipcau.newsroom.views import letters

app_name = "newsroom"
urlpatterns = [
    path("lien-he/da-nhan/", letters.contact_sent, name="contact_sent"),
    path("lien-he/<slug:about>/", letters.contact, name="contact"),
    path("ban/thu-toa-soan/", letters.enquiries, name="enquiries"),
    path("ban/thu-toa-soan/<int:pk>/", letters.enquiry, name="enquiry"),
]
