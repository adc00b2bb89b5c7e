"""Every address of the house."""

from django.urls import include, path

from nearer.catalogue import PRACTICES
from nearer.web.views import account, pages, shell

handler500 = "nearer.web.views.shell.broken"

web = (
    [
        path("", pages.today, name="today"),
        path("practise/", pages.practise, name="practise"),
        path("us/", pages.us, name="us"),
        path("learn/", pages.learn, name="learn"),
        path("me/", pages.me, name="me"),
        path("safety/", pages.safety, name="safety"),
        path("me/export/", account.export, name="export"),
        path("me/delete/", account.delete_account, name="delete_account"),
        path("bond/<uuid:space_id>/leave/", account.leave_bond, name="leave_bond"),
        path("trust/", shell.trust, name="trust"),
        path("trust/nearer-house.crt", shell.authority, name="authority"),
        path("offline/", shell.offline, name="offline"),
        path("manifest.webmanifest", shell.manifest, name="manifest"),
        path("sw.js", shell.worker, name="worker"),
        path("ready", shell.ready, name="ready"),
    ],
    "web",
)

urlpatterns = [
    path("", include(web)),
    path("", include("nearer.people.urls")),
    *(
        path(f"{practice.slug}/", include(f"nearer.practices.{practice.slug}.urls"))
        for practice in PRACTICES
    ),
]
