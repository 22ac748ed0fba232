"""The addresses of this room."""

from django.contrib.auth.decorators import login_required
from django.urls import path

from nhipcau.plans import views

app_name = "plans"
signed_in = login_required(login_url="account_login")
urlpatterns = [
    path("ke-hoach/", signed_in(views.plan), name="plan"),
    path("ke-hoach/moi/", signed_in(views.plan_new), name="plan_new"),
    path("ke-hoach/<int:pk>/", signed_in(views.plan), name="plan_detail"),
    path("ke-hoach/<int:pk>/sua/", signed_in(views.plan_edit), name="plan_edit"),
    path("ke-hoach/<int:pk>/thong-nhat/", signed_in(views.plan_adopt), name="plan_adopt"),
    path("ke-hoach/<int:pk>/ket-thuc/", signed_in(views.plan_close), name="plan_close"),
    path("ke-hoach/<int:pk>/giai-doan-moi/", signed_in(views.phase_new), name="phase_new"),
    path("ke-hoach/<int:pk>/muc-tieu-moi/", signed_in(views.objective_new), name="objective_new"),
    path("ke-hoach/<int:pk>/moc-moi/", signed_in(views.milestone_new), name="milestone_new"),
    path("giai-doan/<int:pk>/sua/", signed_in(views.phase_edit), name="phase_edit"),
    path("muc-tieu/<int:pk>/sua/", signed_in(views.objective_edit), name="objective_edit"),
    path("chi-tieu/<int:pk>/giai-doan/<int:phase_pk>/", signed_in(views.target_edit), name="target_edit"),
    path("moc/<int:pk>/sua/", signed_in(views.milestone_edit), name="milestone_edit"),
    path("moc/<int:pk>/hoan-thanh/", signed_in(views.milestone_reach), name="milestone_reach"),
    path("y-kien/", signed_in(views.directions), name="directions"),
    path("y-kien/moi/", signed_in(views.direction_new), name="direction_new"),
    path("y-kien/<int:pk>/", signed_in(views.direction), name="direction"),
]
