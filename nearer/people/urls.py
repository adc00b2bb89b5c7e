"""Addresses of accounts, bonds, invitations and guests."""

from django.urls import path

from nearer.people.views import account, bonds, codes, guests, invitations, me, sign_up

app_name = "people"

urlpatterns = [
    path("begin/", sign_up.sign_up, name="sign_up"),
    path("begin/account/", sign_up.make_account, name="make_account"),
    path("sign-in/", account.sign_in, name="sign_in"),
    path("unlock/", account.unlock, name="unlock"),
    path("lock/", account.lock, name="lock"),
    path("sign-out/", account.sign_out, name="sign_out"),
    path("recover/", account.recover, name="recover"),
    path("code/", codes.keep_code, name="keep_code"),
    path("me/code/", codes.code, name="code"),
    path("me/name/", me.name, name="name"),
    path("me/house/", me.house, name="house"),
    path("me/reminders/", me.reminders, name="reminders"),
    path("me/passphrase/", me.passphrase, name="passphrase"),
    path("me/devices/", me.devices, name="devices"),
    path("me/devices/<uuid:device_id>/end/", me.end_device, name="end_device"),
    path("bond/new/", bonds.new_bond, name="new_bond"),
    path("bond/<uuid:space_id>/", bonds.bond, name="bond"),
    path("bond/<uuid:space_id>/invite/", bonds.make_invitation, name="make_invitation"),
    path("bond/<uuid:space_id>/withdraw/", bonds.withdraw_invitation, name="withdraw_invitation"),
    path("bond/<uuid:space_id>/joined/", bonds.joined, name="joined"),
    path("invitation/", invitations.invitation, name="invitation"),
    path("guest/<uuid:guest_id>/", guests.guest, name="guest"),
    path("round-over/", guests.round_over, name="round_over"),
]
