"""The house vouches for itself, to those who trust it, for home names only."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address, IPv6Address, ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID
from cryptography.x509.verification import PolicyBuilder, Store, VerificationError
from hypothesis import given
from hypothesis import strategies as st

from nearer.web.certificate import (
    AUTHORITY_DAYS,
    HOME_NETWORKS,
    LEAF_DAYS,
    CertificateUnreadable,
    Credential,
    ensure_certificates,
    fingerprint,
    is_home,
    make_authority,
    make_leaf,
)

NOW = datetime.now(UTC).replace(microsecond=0)
HOSTS = ["anas-laptop.local", "192.168.1.20"]
AUTHORITY = make_authority(NOW)


def certificate_in(path: Path) -> x509.Certificate:
    return x509.load_pem_x509_certificate(path.read_bytes())


def named(credential: Credential, name: x509.GeneralName) -> Credential:
    """What a thief of the authority's key would sign, for a name the house would refuse."""
    key = ec.generate_private_key(ec.SECP256R1())
    builder = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([]))
        .issuer_name(credential.certificate.subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(NOW - timedelta(hours=1))
        .not_valid_after(NOW + timedelta(days=90))
        .add_extension(x509.SubjectAlternativeName([name]), critical=True)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(credential.key.public_key()),
            critical=False,
        )
    )
    return Credential(builder.sign(credential.key, hashes.SHA256()), key)


def greet(server: Path, trusted: Path | None, host: str) -> str:
    """One TLS hello over loopback, to a server that the client calls ``host``.

    Returns:
        What the client read, after it had verified the certificate.
    """
    server_side = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    server_side.load_cert_chain(server)
    client_side = ssl.create_default_context(cafile=trusted)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=_serve_once, args=(listener, server_side))
        thread.start()
        try:
            with (
                socket.create_connection(listener.getsockname(), timeout=10) as plain,
                client_side.wrap_socket(plain, server_hostname=host) as sealed,
            ):
                return sealed.recv(16).decode()
        finally:
            thread.join(timeout=10)


def _serve_once(listener: socket.socket, context: ssl.SSLContext) -> None:
    connection, _address = listener.accept()
    with connection:
        try:
            with context.wrap_socket(connection, server_side=True) as sealed:
                sealed.sendall(b"come in")
        except (ssl.SSLError, ConnectionError):
            return  # the client did not trust us; it is the client that the tests ask


def verified_by_the_other_library(leaf: Credential, authority: Credential, host: str) -> None:
    address_or_name: x509.GeneralName
    try:
        address_or_name = x509.IPAddress(ip_address(host))
    except ValueError:
        address_or_name = x509.DNSName(host)
    assert isinstance(address_or_name, x509.DNSName | x509.IPAddress)
    store = Store([authority.certificate])
    verifier = PolicyBuilder().store(store).time(NOW).build_server_verifier(address_or_name)
    verifier.verify(leaf.certificate, [])


@pytest.mark.parametrize(
    ("hosts", "called"),
    [
        (["anas-laptop.local"], "anas-laptop.local"),
        (["192.168.1.20"], "192.168.1.20"),
        (["10.1.2.3", "house.home.arpa"], "house.home.arpa"),
        (["fd00::20"], "fd00::20"),
        (["127.0.0.1", "localhost", "nearer.lan"], "nearer.lan"),
    ],
)
def test_phone_that_trusts_the_house_reaches_it_by_each_name(
    tmp_path: Path, hosts: Sequence[str], called: str
) -> None:
    files = ensure_certificates(tmp_path, hosts, NOW)

    assert greet(files.server, files.authority, called) == "come in"


@pytest.mark.parametrize("called", HOSTS)
def test_second_library_verifies_the_leaf_too(called: str) -> None:
    leaf = make_leaf(AUTHORITY, HOSTS[:1], [IPv4Address(HOSTS[1])], NOW)

    verified_by_the_other_library(leaf, AUTHORITY, called)


def test_phone_that_does_not_trust_the_house_is_warned(tmp_path: Path) -> None:
    files = ensure_certificates(tmp_path, HOSTS, NOW)

    with pytest.raises(ssl.SSLCertVerificationError, match="unable to get local issuer"):
        greet(files.server, None, HOSTS[0])


def test_certificate_is_not_good_for_another_name_of_the_same_home(tmp_path: Path) -> None:
    files = ensure_certificates(tmp_path, HOSTS, NOW)

    with pytest.raises(ssl.SSLCertVerificationError, match="Hostname mismatch"):
        greet(files.server, files.authority, "printer.local")


@pytest.mark.parametrize(
    ("name", "host"),
    [
        (x509.DNSName("bank.example"), "bank.example"),
        (x509.DNSName("notlocal"), "notlocal"),
        (x509.DNSName("local.example"), "local.example"),
        (x509.IPAddress(IPv4Address("192.0.2.7")), "192.0.2.7"),
        (x509.IPAddress(IPv6Address("2001:db8::7")), "2001:db8::7"),
    ],
)
def test_stolen_authority_cannot_stand_in_for_a_place_outside(
    tmp_path: Path, name: x509.GeneralName, host: str
) -> None:
    authority, server = tmp_path / "authority.crt", tmp_path / "server.pem"
    authority.write_bytes(AUTHORITY.certificate.public_bytes(serialization.Encoding.PEM))
    rogue = named(AUTHORITY, name)
    server.write_bytes(rogue.pem())

    with pytest.raises(ssl.SSLCertVerificationError, match="permitted subtree violation"):
        greet(server, authority, host)
    with pytest.raises(VerificationError):
        verified_by_the_other_library(rogue, AUTHORITY, host)


def test_the_same_thief_is_believed_for_a_home_name(tmp_path: Path) -> None:
    """The limit of the constraints, and the proof that the test above fails for its own reason."""
    authority, server = tmp_path / "authority.crt", tmp_path / "server.pem"
    authority.write_bytes(AUTHORITY.certificate.public_bytes(serialization.Encoding.PEM))
    server.write_bytes(named(AUTHORITY, x509.DNSName("printer.local")).pem())

    assert greet(server, authority, "printer.local") == "come in"


def test_server_certificate_cannot_sign_another(tmp_path: Path) -> None:
    leaf = make_leaf(AUTHORITY, ["a.local"], [], NOW)
    below = named(leaf, x509.DNSName("b.local"))
    server, authority = tmp_path / "server.pem", tmp_path / "authority.crt"
    server.write_bytes(below.pem() + leaf.certificate.public_bytes(serialization.Encoding.PEM))
    authority.write_bytes(AUTHORITY.certificate.public_bytes(serialization.Encoding.PEM))

    with pytest.raises(ssl.SSLCertVerificationError, match="invalid CA certificate"):
        greet(server, authority, "b.local")


@pytest.mark.parametrize(
    "host",
    ["bank.example", "local.example", "laptop", "", "*.local", "a b.local", "-.locale", "notlocal"],
)
def test_house_refuses_to_name_what_is_not_of_a_home_network(host: str) -> None:
    with pytest.raises(ValueError, match="not of a home network"):
        make_leaf(AUTHORITY, [host], [], NOW)


@pytest.mark.parametrize("address", ["8.8.8.8", "172.32.0.1", "2001:db8::1", "0.0.0.0"])  # noqa: S104
def test_house_refuses_a_public_address(tmp_path: Path, address: str) -> None:
    with pytest.raises(ValueError, match="not of a home network"):
        ensure_certificates(tmp_path, [address], NOW)


def test_house_without_a_name_gets_no_certificate(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="no name at all"):
        ensure_certificates(tmp_path, [], NOW)


@given(st.ip_addresses())
def test_addresses_of_a_home_are_the_private_ones(address: IPv4Address | IPv6Address) -> None:
    assert is_home(address) == any(address in network for network in HOME_NETWORKS)
    assert not (is_home(address) and address.is_global)


def test_terms_are_short_enough_for_phones(tmp_path: Path) -> None:
    files = ensure_certificates(tmp_path, HOSTS, NOW)
    leaf, authority = certificate_in(files.server), certificate_in(files.authority)

    assert leaf.not_valid_after_utc - leaf.not_valid_before_utc == timedelta(days=LEAF_DAYS)
    assert LEAF_DAYS <= 397
    assert authority.not_valid_after_utc - authority.not_valid_before_utc == timedelta(
        days=AUTHORITY_DAYS
    )
    assert leaf.not_valid_before_utc <= NOW - timedelta(hours=23)


def test_constraints_are_critical_and_the_key_usages_are_apart() -> None:
    extensions = AUTHORITY.certificate.extensions
    leaf = make_leaf(AUTHORITY, ["a.local"], [], NOW).certificate.extensions

    assert extensions.get_extension_for_class(x509.NameConstraints).critical
    assert extensions.get_extension_for_class(x509.BasicConstraints).value.path_length == 0
    assert not leaf.get_extension_for_class(x509.KeyUsage).value.key_cert_sign
    assert list(leaf.get_extension_for_class(x509.ExtendedKeyUsage).value) == [
        ExtendedKeyUsageOID.SERVER_AUTH
    ]


def test_second_start_changes_nothing(tmp_path: Path) -> None:
    first = ensure_certificates(tmp_path, HOSTS, NOW)
    before = {path: path.read_bytes() for path in tmp_path.iterdir()}

    assert ensure_certificates(tmp_path, [*reversed(HOSTS)], NOW + timedelta(days=300)) == first
    assert {path: path.read_bytes() for path in tmp_path.iterdir()} == before


@pytest.mark.parametrize(
    ("hosts", "later"),
    [
        ([HOSTS[0], "192.168.1.21"], timedelta(0)),
        (HOSTS[:1], timedelta(0)),
        (HOSTS, timedelta(days=LEAF_DAYS - 30)),
        (HOSTS, timedelta(days=2000)),
    ],
    ids=["address changed", "address gone", "last month", "long off"],
)
def test_new_server_certificate_under_the_same_authority(
    tmp_path: Path, hosts: list[str], later: timedelta
) -> None:
    first = ensure_certificates(tmp_path, HOSTS, NOW)
    old = certificate_in(first.server)

    second = ensure_certificates(tmp_path, hosts, NOW + later)

    assert certificate_in(second.server) != old
    assert second.fingerprint == first.fingerprint
    certificate_in(second.server).verify_directly_issued_by(certificate_in(second.authority))


def test_server_certificate_never_outlives_its_authority() -> None:
    late = AUTHORITY.certificate.not_valid_after_utc - timedelta(days=60)

    leaf = make_leaf(AUTHORITY, ["a.local"], [], late).certificate

    assert leaf.not_valid_after_utc == AUTHORITY.certificate.not_valid_after_utc


def test_old_authority_is_renewed_together_with_the_server(tmp_path: Path) -> None:
    first = ensure_certificates(tmp_path, HOSTS, NOW)

    second = ensure_certificates(tmp_path, HOSTS, NOW + timedelta(days=AUTHORITY_DAYS - 20))

    assert second.fingerprint != first.fingerprint
    certificate_in(second.server).verify_directly_issued_by(certificate_in(second.authority))


def test_server_is_signed_anew_when_the_authority_was_deleted(tmp_path: Path) -> None:
    first = ensure_certificates(tmp_path, HOSTS, NOW)
    (tmp_path / "authority.pem").unlink()

    second = ensure_certificates(tmp_path, HOSTS, NOW)

    assert second.fingerprint != first.fingerprint
    assert greet(second.server, second.authority, HOSTS[0]) == "come in"


def test_clock_that_starts_in_the_past_costs_no_trust(tmp_path: Path) -> None:
    first = ensure_certificates(tmp_path, HOSTS, NOW)
    old = certificate_in(first.server)

    ensure_certificates(tmp_path, HOSTS, datetime(1970, 1, 2, tzinfo=UTC))
    assert certificate_in(first.server) == old

    ensure_certificates(tmp_path, ["b.local"], datetime(1970, 1, 2, tzinfo=UTC))
    assert greet(first.server, first.authority, "b.local") == "come in"


def test_private_keys_are_for_the_owner_only_and_the_public_file_holds_none(tmp_path: Path) -> None:
    folder = tmp_path / "house"
    files = ensure_certificates(folder, HOSTS, NOW)

    assert folder.stat().st_mode & 0o077 == 0
    secret = [path for path in folder.iterdir() if b"PRIVATE KEY" in path.read_bytes()]
    assert {path.name for path in secret} == {"authority.pem", "server.pem"}
    assert all(path.stat().st_mode & 0o077 == 0 for path in secret)
    assert files.authority not in secret


@pytest.mark.parametrize("name", ["authority.pem", "server.pem"])
@pytest.mark.parametrize(
    "harm",
    [lambda old: b"", lambda old: old[:200], lambda old: old[-300:]],
    ids=["empty", "cut off", "no key"],
)
def test_damaged_file_is_named_with_what_to_do(
    tmp_path: Path, name: str, harm: Callable[[bytes], bytes]
) -> None:
    ensure_certificates(tmp_path, HOSTS, NOW)
    path = tmp_path / name
    path.write_bytes(harm(path.read_bytes()))

    with pytest.raises(CertificateUnreadable, match=rf"{name} is damaged\. Delete it"):
        ensure_certificates(tmp_path, HOSTS, NOW)


def test_key_of_another_certificate_counts_as_damage(tmp_path: Path) -> None:
    ensure_certificates(tmp_path, HOSTS, NOW)
    strangers = replace(AUTHORITY, key=ec.generate_private_key(ec.SECP256R1()))
    (tmp_path / "authority.pem").write_bytes(strangers.pem())

    with pytest.raises(CertificateUnreadable):
        ensure_certificates(tmp_path, HOSTS, NOW)


def test_half_written_file_of_an_earlier_crash_is_no_hindrance(tmp_path: Path) -> None:
    (tmp_path / "authority.pem.new").write_bytes(b"half")
    (tmp_path / "server.pem.new").write_bytes(b"half")

    files = ensure_certificates(tmp_path, HOSTS, NOW)

    assert greet(files.server, files.authority, HOSTS[0]) == "come in"


def test_fingerprint_is_what_phones_show() -> None:
    shown = fingerprint(AUTHORITY.certificate)

    assert (
        shown.replace(":", "").lower() == AUTHORITY.certificate.fingerprint(hashes.SHA256()).hex()
    )
    assert len(shown.split(":")) == 32


def test_credential_does_not_print_its_key() -> None:
    assert "Key" not in repr(AUTHORITY)


def test_zone_of_an_address_and_letter_case_do_not_matter(tmp_path: Path) -> None:
    files = ensure_certificates(tmp_path, ["Anas-Laptop.local.", "fe80::1%wlan0"], NOW)
    made = certificate_in(files.server)
    ensure_certificates(tmp_path, ["fe80::1%eth0", "anas-laptop.local"], NOW)

    assert greet(files.server, files.authority, "anas-laptop.local") == "come in"
    assert greet(files.server, files.authority, "fe80::1") == "come in"
    assert certificate_in(files.server) == made
