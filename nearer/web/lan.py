"""Under which names and addresses phones in the same home find this machine."""

from __future__ import annotations

import socket
from ipaddress import ip_address

from nearer.web.certificate import is_home

_HOME_SUFFIXES = ("local", "lan", "home.arpa")
"""What machines announce by themselves, what many routers add, and RFC 8375."""
_TOWARDS_HOME = ("10.255.255.254", "172.31.255.254", "192.168.255.254")
"""Somewhere in each private network of RFC 1918; nothing is sent there."""
_LOOPBACK = ("localhost", "127.0.0.1", "::1")


def home_hosts(extra: str) -> list[str]:
    """All that the house may be called in a home network, loopback included.

    Args:
        extra: more host names by commas, as in NEARER_HOSTS; those of the wide world are left out,
            since no certificate of the house can vouch for them.
    """
    more = [host.strip().lower() for host in extra.split(",")]
    own = [*_LOOPBACK, *home_addresses(), *home_names(), *filter(_is_home, more)]
    return list(dict.fromkeys(own))


def home_names() -> list[str]:
    """The machine's name as others in the home may say it."""
    name = socket.gethostname().partition(".")[0].lower()
    return [host for suffix in _HOME_SUFFIXES if _is_home(host := f"{name}.{suffix}")]


def home_addresses() -> list[str]:
    """The machine's own addresses in private networks, the one that leads outside first."""
    found = filter(None, map(_own_address_towards, _TOWARDS_HOME))
    return list(dict.fromkeys(address for address in found if _is_of_a_network(address)))


def _own_address_towards(target: str) -> str | None:
    """Which of our addresses would speak to that one. A datagram socket asks and sends nothing."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
        try:
            asking.connect((target, 9))
        except OSError:
            return None  # no way there: this machine is not in such a network
        return str(asking.getsockname()[0])


def _is_of_a_network(address: str) -> bool:
    return is_home(ip_address(address)) and not ip_address(address).is_loopback


def _is_home(host: str) -> bool:
    try:
        return is_home(ip_address(host))
    except ValueError:
        return is_home(host)
