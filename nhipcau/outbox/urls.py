"""The addresses of this room."""

from django.urls import path

from nhipcau.outbox import views

app_name = "outbox"
urlpatterns = [
    path("thu/", views.outbox, name="outbox"),
    path("thu/<int:pk>/", views.message, name="message"),
    path("thu/<int:pk>/gui-lai/", views.resend, name="resend"),
]
