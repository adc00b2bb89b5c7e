"""Hundreds of live pages at one house, as it is served."""

from __future__ import annotations

import asyncio
import os
import resource
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager

import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus
from websockets.typing import Origin

from conftest import Someone
from nearer.stage.live import SOCKETS_OF_A_DEVICE
from nearer.web import asgi
from tests.load import Visitor
from tests.server import House
from tests.sockets import is_refused, listening

EACH = 30
MANY = 600
FEW_FILES = 512
"""What some systems let a program open at first; each socket is a file."""
PROCESSES = int(os.environ.get("NEARER_WORKERS", "1"))


@contextmanager
def with_few_files() -> Iterator[None]:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (FEW_FILES, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, 2 * MANY), hard))


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with House(tmp_path_factory.mktemp("many") / "house", starts=False) as made:
        with with_few_files():
            made.start()
        yield made


@pytest.fixture(scope="module")
def phones(house: House) -> list[str]:
    """Cookies of Ana's."""
    return house.command("phones", module="tests.dwellers").stdout.split()


@asynccontextmanager
async def held(house: House, cookies: list[str]) -> AsyncIterator[None]:
    """A socket for each, all at once; one that is refused raises."""
    async with AsyncExitStack() as stack:
        for cookie in cookies:
            await stack.enter_async_context(
                connect(
                    house.url.replace("http", "ws") + "/stage/",
                    additional_headers={"Cookie": f"nearer={cookie}"},
                    origin=Origin(house.url),
                    compression=None,
                )
            )
        yield


async def test_pages_answer_while_hundreds_of_sockets_are_held(
    house: House, phones: list[str]
) -> None:
    visitor = Visitor(house, phones[0])
    async with held(house, phones * EACH):
        replies = [await asyncio.to_thread(visitor.get, page) for page in ("/ready", "/", "/us/")]
        assert [reply.status_code for reply in replies] == [200, 200, 200]
    assert len(phones * EACH) == MANY


async def test_socket_too_many_of_one_phone_is_told_so_and_no_other_phone(
    house: House, phones: list[str]
) -> None:
    hers, his = phones[0], phones[1]
    too_many = PROCESSES * SOCKETS_OF_A_DEVICE + 1
    with pytest.raises(InvalidStatus) as refused:
        async with held(house, [hers] * too_many):
            pass
    assert refused.value.response.status_code == 503
    assert (refused.value.response.body or b"").startswith(b"Too many live pages")
    async with held(house, [hers] * SOCKETS_OF_A_DEVICE), held(house, [his]):
        pass


@pytest.mark.django_db(transaction=True)
async def test_house_without_a_place_for_another_socket_says_so(
    ana: Someone, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asgi, "_places", asyncio.Semaphore(1))
    async with listening(ana.client):
        assert await is_refused(ana.client)
    async with listening(ana.client):
        pass
