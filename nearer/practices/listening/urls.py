"""Addresses of the listening room. Everything at one round lives below that round's address."""

from django.urls import path

from nearer.practices.listening.views import drill, rooms, rounds, sessions

app_name = "listening"

urlpatterns = [
    path("", rooms.home, name="home"),
    path("habit/", rooms.habit, name="habit"),
    path("picture/<uuid:space_id>/", sessions.picture, name="picture"),
    path("begin/<uuid:space_id>/", rooms.begin, name="begin"),
    path("drill/", drill.next_one, name="drill"),
    path("drill/<slug:scene_id>/", drill.scene, name="scene"),
    path("tries/", drill.tries, name="tries"),
    path("tries/<slug:scene_id>/", drill.tries, name="tries_at"),
    path("tries/<uuid:try_id>/remove/", drill.remove, name="remove_try"),
    path("paper/", sessions.paper, name="paper"),
    path("paper/<uuid:space_id>/", sessions.paper_result, name="paper_result"),
    path("older/<uuid:round_id>/", rooms.older, name="older"),
    path("session/<uuid:round_id>/", sessions.session, name="session"),
    path("session/<uuid:round_id>/share/<uuid:turn_id>/", sessions.share, name="share"),
    path("session/<uuid:round_id>/take-back/", sessions.take_back, name="take_back"),
    path("take-up/<uuid:round_id>/", rooms.take_up, name="take_up"),
    path("not-now/<uuid:round_id>/", rounds.not_now, name="not_now"),
    path("guest/<uuid:round_id>/", rooms.guest_link, name="guest_link"),
    path("round/<uuid:round_id>/", rounds.page, name="round"),
    path("round/<uuid:round_id>/stage/", rounds.stage, name="stage"),
    path("round/<uuid:round_id>/move/", rounds.move, name="move"),
    path("round/<uuid:round_id>/feedback/", rounds.feedback, name="feedback"),
    path("round/<uuid:round_id>/draft/", rounds.draft, name="draft"),
    path("round/<uuid:round_id>/leave/", rounds.leave, name="leave"),
    path("round/<uuid:round_id>/keep/", rounds.keep, name="keep"),
    path("round/<uuid:round_id>/erase/", rounds.erase, name="erase"),
]
