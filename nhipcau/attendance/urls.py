"""The addresses of this room: registration and the guest's own pages are public, the rest is the desk."""

from django.urls import path

from nhipcau.attendance.views import arrivals, doubles, guests, public

app_name = "attendance"
urlpatterns = [
    path("dang-ky/<slug:slug>/", public.register, name="register"),
    path("gui-lai-duong-dan/", public.resend, name="resend"),
    path("ma/<str:token>/", public.ticket, name="ticket"),
    path("ma/<str:token>/ma.svg", public.ticket_svg, name="ticket_svg"),
    path("ma/<str:token>/ma.png", public.ticket_png, name="ticket_png"),
    path("ma/<str:token>/lich.ics", public.ticket_ics, name="ticket_ics"),
    path("ma/<str:token>/huy/", public.cancel, name="cancel"),
    path("ma/<str:token>/thay/", public.substitute, name="substitute"),
    path("ma/<str:token>/du-lieu/", public.own_data, name="own_data"),
    path("ban/hoat-dong/<int:pk>/khach/", guests.guests, name="guests"),
    path("ban/hoat-dong/<int:pk>/khach.csv", guests.guests_csv, name="guests_csv"),
    path("ban/hoat-dong/<int:pk>/khach.xlsx", guests.guests_xlsx, name="guests_xlsx"),
    path("ban/hoat-dong/<int:pk>/khach/moi/", guests.guest_new, name="guest_new"),
    path("ban/khach/trung/", doubles.doubles, name="doubles"),
    path("ban/khach/<int:pk>/", guests.guest, name="guest"),
    path("ban/hoat-dong/<int:pk>/dang-ky/", guests.intake, name="intake"),
    path("ban/hoat-dong/<int:pk>/danh-sach-ky/", arrivals.sign_in_sheet, name="sign_in_sheet"),
    path("ban/hoat-dong/<int:pk>/don-tiep/", arrivals.reception, name="reception"),
    path("ban/hoat-dong/<int:pk>/don-tiep/gui/", arrivals.sync, name="reception_sync"),
]
