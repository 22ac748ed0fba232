"""The addresses of this room."""

from django.contrib.auth.decorators import login_required
from django.urls import path

from nhipcau.core.replica import may_lag
from nhipcau.evidence.views import claims, indicators, ledger, trace

app_name = "evidence"
signed_in = login_required(login_url="account_login")
urlpatterns = [
    path("cam-ket/", signed_in(may_lag(trace.trace)), name="trace"),
    path("cam-ket/<int:pk>/", signed_in(may_lag(trace.clause)), name="clause"),
    path("hoat-dong/<int:pk>/minh-chung/", signed_in(trace.activity_evidence), name="activity_evidence"),
    path("chi-tieu/<int:pk>/", signed_in(may_lag(indicators.indicator)), name="indicator"),
    path("chi-tieu/<int:pk>/ban-ghi/", signed_in(may_lag(indicators.indicator_records)), name="indicator_records"),
    path("chi-tieu/<int:pk>/sua/", signed_in(indicators.indicator_edit), name="indicator_edit"),
    path("ke-hoach/<int:plan_pk>/chi-tieu-moi/", signed_in(indicators.indicator_new), name="indicator_new"),
    path("minh-chung/", signed_in(may_lag(ledger.ledger)), name="ledger"),
    path("minh-chung/minh-chung.xlsx", signed_in(may_lag(ledger.ledger_sheet)), name="ledger_sheet"),
    path("minh-chung/khai/", signed_in(claims.declare), name="declare"),
    path("minh-chung/<int:pk>/", signed_in(ledger.evidence), name="evidence"),
    path("minh-chung/<int:pk>/sua/", signed_in(claims.revise), name="revise"),
    path("minh-chung/tep/<int:pk>/<slug:digest>/", signed_in(ledger.attachment), name="attachment"),
    path("xac-nhan/", signed_in(claims.inbox), name="inbox"),
]
