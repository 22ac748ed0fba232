"""The addresses of this room."""

from django.contrib.auth.decorators import login_required
from django.urls import path

from nhipcau.core.replica import may_lag
from nhipcau.reports import views

app_name = "reports"
signed_in = login_required(login_url="account_login")
urlpatterns = [
    path("bao-cao/", signed_in(may_lag(views.reports)), name="reports"),
    path("bao-cao/moi/", signed_in(views.report_new), name="report_new"),
    path("bao-cao/<int:pk>/", signed_in(may_lag(views.report)), name="report"),
    path("bao-cao/<int:pk>/noi-dung/", signed_in(views.narrative), name="narrative"),
    path("bao-cao/<int:pk>/giai-trinh/<int:indicator_pk>/", signed_in(views.explain), name="explain"),
    path("bao-cao/<int:pk>/so-lieu/<int:indicator_pk>/", signed_in(may_lag(views.figure)), name="figure"),
    path("bao-cao/<int:pk>/chot/", signed_in(views.freeze), name="freeze"),
    path("bao-cao/<int:pk>/bao-cao.docx", signed_in(may_lag(views.report_docx)), name="report_docx"),
    path("bao-cao/<int:pk>/so-lieu.xlsx", signed_in(may_lag(views.report_xlsx)), name="report_xlsx"),
    path("bao-cao/<int:pk>/ho-so-trinh.zip", signed_in(may_lag(views.package)), name="package"),
    path("bao-cao/<int:pk>/ban-hanh/<int:unit_pk>/", signed_in(views.issue), name="issue"),
    path("bao-cao/ban-ky/<int:pk>/", signed_in(views.signed_file), name="signed_file"),
    path("cong-bo/", signed_in(views.snapshot), name="snapshot"),
    path("cong-bo/chuan-bi/", signed_in(views.snapshot_prepare), name="snapshot_prepare"),
    path("cong-bo/<int:pk>/da-xem/", signed_in(views.snapshot_seen), name="snapshot_seen"),
    path("cong-bo/<int:pk>/dong-y/", signed_in(views.snapshot_release), name="snapshot_release"),
    path("cong-bo/<int:pk>/rut/", signed_in(views.snapshot_withdraw), name="snapshot_withdraw"),
]
