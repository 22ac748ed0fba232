"""The addresses of this room."""

from django.urls import path

from nhipcau.accounts.views import entrance, own, register

app_name = "accounts"
urlpatterns = [
    path("ban/tai-khoan/", register.accounts, name="accounts"),
    path("ban/tai-khoan/moi/", register.invite, name="invite"),
    path("ban/tai-khoan/<int:pk>/", register.account, name="account"),
    path("ban/tai-khoan/<int:pk>/sua/", register.revise, name="revise"),
    path("ban/tai-khoan/<int:pk>/vai-tro/", register.role_new, name="role_new"),
    path("ban/tai-khoan/<int:pk>/lien-ket/", register.link_new, name="link_new"),
    path("ban/tai-khoan/<int:pk>/thu-hoi/", register.link_revoke, name="link_revoke"),
    path("ban/tai-khoan/<int:pk>/dong/", register.close, name="close"),
    path("ban/tai-khoan/<int:pk>/mo/", register.reopen, name="reopen"),
    path("ban/tai-khoan/<int:pk>/dang-xuat/", register.sign_out, name="sign_out"),
    path("ban/tai-khoan/<int:pk>/xac-thuc/", register.factor_reset, name="factor_reset"),
    path("ban/tai-khoan/<int:pk>/quan-tri/", register.administration, name="administration"),
    path("ban/vai-tro/<int:pk>/ket-thuc/", register.role_end, name="role_end"),
    path("ban/cua-toi/", own.own, name="own"),
    path("ban/cua-toi/vang-mat/", own.stand_in_new, name="stand_in_new"),
    path("ban/cua-toi/vang-mat/<int:pk>/rut/", own.stand_in_withdraw, name="stand_in_withdraw"),
    path("vao/<str:token>/", entrance.link, name="link"),
]
