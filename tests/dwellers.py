"""`python -m tests.dwellers …`: somebody does something in the house that the environment names.

settle    Ana and Bo move in, share a bond and are invited once more; prints Ana's cookie
phones    Ana moves in and has twenty phones; prints the cookie of each
costs     what a try at somebody's passphrase costs: KiB, passes, lanes
visit     Ana signs in and reads who is in her bonds
future    a newer Nearer was here and changed the tables
partly    the tables of people alone, as an older Nearer would have made them
"""

from __future__ import annotations

import base64
import os
import sys
from datetime import UTC, datetime

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
django.setup()

from django.core.management import call_command  # noqa: E402 - the tables come with the line above
from django.db import connection  # noqa: E402
from django.db.migrations.recorder import MigrationRecorder  # noqa: E402

from nearer.people.actions import NewPerson, sign_in, sign_up  # noqa: E402
from nearer.people.bonds import (  # noqa: E402
    NewBond,
    accept_invitation,
    invite,
    make_bond,
    open_invitation,
)
from nearer.people.devices import open_device, unlock  # noqa: E402
from nearer.people.keys import keyring_of  # noqa: E402
from nearer.people.models import Person  # noqa: E402
from nearer.people.queries import opened_bonds  # noqa: E402
from nearer.people.rules import Kind  # noqa: E402
from nearer.vault.sealing import Pair  # noqa: E402

PASSPHRASE = "three herons over the mill pond"
NOW = datetime.now(UTC)


def settle() -> str:
    if not connection.introspection.table_names():
        call_command("migrate", verbosity=0)
    ana, ana_pair = _moved_in("Ana")
    bo, bo_pair = _moved_in("Bo")
    new = NewBond(Kind.SIBLINGS, "Bo", is_long_distance=True)
    space = make_bond(ana, keyring_of(ana, ana_pair), new, now=NOW)
    _row, link = invite(space, ana, keyring_of(ana, ana_pair), now=NOW)
    accept_invitation(open_invitation(link.letters, now=NOW), bo, keyring_of(bo, bo_pair), now=NOW)
    invite(space, ana, keyring_of(ana, ana_pair), now=NOW)
    return _signed_in(ana, ana_pair)


def phones() -> str:
    ana, pair = _moved_in("Ana")
    return "\n".join(_signed_in(ana, pair) for _ in range(20))


def costs() -> str:
    return repr(list(Person.objects.values_list("memory_kib", "passes", "lanes")))


def visit() -> str:
    person, pair = sign_in("ana", PASSPHRASE, address="127.0.0.1", now=NOW)
    bonds = opened_bonds(person, keyring_of(person, pair))
    return ", ".join(bond.title for bond in bonds)


def future() -> str:
    MigrationRecorder(connection).record_applied("people", "9999_from_the_future")
    return "done"


def partly() -> str:
    call_command("migrate", "people", verbosity=0)
    return "done"


def _moved_in(name: str) -> tuple[Person, Pair]:
    new = NewPerson(name, "they", name.lower(), PASSPHRASE, "en", "Europe/Lisbon")
    person, pair, _code = sign_up(new, address="127.0.0.1", now=NOW)
    return person, pair


def _signed_in(person: Person, pair: Pair) -> str:
    here = unlock(open_device(now=NOW, label="Test", person=person), pair)
    secret = base64.urlsafe_b64encode(here.secret.raw).decode()
    return f"{here.device.id.hex}.{secret}"


if __name__ == "__main__":
    doings = (settle, phones, costs, visit, future, partly)
    sys.stdout.write({doing.__name__: doing for doing in doings}[sys.argv[1]]())
