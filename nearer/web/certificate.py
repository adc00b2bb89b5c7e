"""The certificate with which a house serves its phones over HTTPS, without asking anybody.

A house is its own certificate authority. Phones trust it once, by hand; it can vouch only for
names and addresses of a home network (critical name constraints, RFC 5280, section 4.2.1.10), so
that a stolen copy of its key cannot stand in for a bank. It signs one short-lived server
certificate, made anew whenever the addresses of the house change.
"""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

Address = IPv4Address | IPv6Address

AUTHORITY_DAYS = 3652
LEAF_DAYS = 397
"""Apple takes at most 398 days from public authorities and 825 from one that a person installed
(support.apple.com/102028 and /103769); with the lower one we never have to argue."""
RENEW_BEFORE = timedelta(days=30)

HOME_NAMES = ("localhost", "local", "lan", "home.arpa")
"""RFC 6761, RFC 6762, what many home routers use, RFC 8375."""
HOME_NETWORKS = tuple(
    map(
        ip_network,
        (
            "127.0.0.0/8",
            "10.0.0.0/8",  # RFC 1918, as are the next two
            "172.16.0.0/12",
            "192.168.0.0/16",
            "169.254.0.0/16",  # RFC 3927
            "::1/128",
            "fc00::/7",  # RFC 4193
            "fe80::/10",  # RFC 4291
        ),
    )
)

_BACKDATED = timedelta(days=1)
"""A phone whose clock is some hours behind must not refuse a new certificate."""
_HOST_NAME = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)*")


class CertificateUnreadable(Exception):
    """A certificate file of the house is damaged; the message says which one and what to do."""


@dataclass(frozen=True, slots=True)
class Credential:
    """A certificate and the private key that belongs to it."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey = field(repr=False)

    def pem(self) -> bytes:
        """Key and certificate in one text, so that one write replaces both."""
        key = self.key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        return key + self.certificate.public_bytes(serialization.Encoding.PEM)


@dataclass(frozen=True, slots=True)
class CertificateFiles:
    """Where they lie: the server's certificate with its key, and what phones are to trust."""

    server: Path
    authority: Path
    fingerprint: str


def make_authority(now: datetime) -> Credential:
    """A new authority that can vouch for home names and private addresses only."""
    key = ec.generate_private_key(ec.SECP256R1())
    own_id = x509.SubjectKeyIdentifier.from_public_key(key.public_key())
    name = _name(f"Nearer house {own_id.digest.hex()[:4]}")
    start = now - _BACKDATED
    builder = (
        _dated(name, name, start, start + timedelta(days=AUTHORITY_DAYS))
        .public_key(key.public_key())
        .add_extension(own_id, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(signs_certificates=True), critical=True)
        .add_extension(x509.NameConstraints(_permitted(), None), critical=True)
    )
    return Credential(builder.sign(key, hashes.SHA256()), key)


def make_leaf(
    authority: Credential, names: Sequence[str], addresses: Sequence[Address], now: datetime
) -> Credential:
    """A server certificate for these names and addresses, which outlives its authority never.

    Raises:
        ValueError: there is nothing to name, or something that is not of a home network.
    """
    foreign = [str(host) for host in (*names, *addresses) if not is_home(host)]
    if foreign or not (names or addresses):
        raise ValueError(f"not of a home network: {', '.join(foreign) or 'no name at all'}")
    key = ec.generate_private_key(ec.SECP256R1())
    alternative: list[x509.GeneralName] = [x509.DNSName(name) for name in names]
    alternative += map(x509.IPAddress, addresses)
    builder = (
        _leaf_dated(authority.certificate, now)
        .public_key(key.public_key())
        .add_extension(x509.SubjectAlternativeName(alternative), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(signs_certificates=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(_issuer_id(authority), critical=False)
    )
    return Credential(builder.sign(authority.key, hashes.SHA256()), key)


def is_home(host: str | Address) -> bool:
    """Whether the authority of a house may vouch for this name (lower case) or address."""
    if isinstance(host, str):
        home = any(host == name or host.endswith(f".{name}") for name in HOME_NAMES)
        return home and _HOST_NAME.fullmatch(host) is not None
    return any(host in network for network in HOME_NETWORKS)


def fingerprint(certificate: x509.Certificate) -> str:
    """SHA-256 in pairs, «AB:CD:…», as phones and desktops show it."""
    return certificate.fingerprint(hashes.SHA256()).hex(":").upper()


def ensure_certificates(folder: Path, hosts: Sequence[str], now: datetime) -> CertificateFiles:
    """Make what is missing, renew what is old, and say where it lies.

    The authority is renewed in the last 30 days of its ten years, and phones must then trust the
    new one; the server's certificate in its last 30 days, or when ``hosts`` is another set. A
    clock that runs behind renews nothing: small machines start in the past before they know the
    time, and the phones know better.

    Raises:
        ValueError: a host is not of a home network.
        CertificateUnreadable: a file is damaged.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    authority = _ensure_authority(folder / "authority.pem", now)
    server = folder / "server.pem"
    _ensure_leaf(server, authority, hosts, now)
    public = folder / "authority.crt"
    _write(public, authority.certificate.public_bytes(serialization.Encoding.PEM), 0o644)
    return CertificateFiles(server, public, fingerprint(authority.certificate))


def _ensure_authority(path: Path, now: datetime) -> Credential:
    kept = _loaded(path)
    if kept is not None and not _ends_soon(kept, now):
        return kept
    made = make_authority(now)
    _write(path, made.pem(), 0o600)
    return made


def _ensure_leaf(path: Path, authority: Credential, hosts: Sequence[str], now: datetime) -> None:
    names, addresses = _sorted_out(hosts)
    kept = _loaded(path)
    if kept is None or not _is_current(kept, authority, {*names, *addresses}, now):
        _write(path, make_leaf(authority, names, addresses, now).pem(), 0o600)


def _is_current(
    leaf: Credential, authority: Credential, hosts: set[str | Address], now: datetime
) -> bool:
    return (
        not _ends_soon(leaf, now)
        and _issued_by(leaf, authority)
        and _named_in(leaf.certificate) == hosts
    )


def _ends_soon(kept: Credential, now: datetime) -> bool:
    return kept.certificate.not_valid_after_utc - now < RENEW_BEFORE


def _issued_by(leaf: Credential, authority: Credential) -> bool:
    """By key, not by signature: both files are our own, and only one authority is ever in use."""
    extensions = leaf.certificate.extensions
    issuer = extensions.get_extension_for_class(x509.AuthorityKeyIdentifier).value
    return issuer == _issuer_id(authority)


def _named_in(certificate: x509.Certificate) -> set[str | Address]:
    found = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    addresses = found.get_values_for_type(x509.IPAddress)
    return {*found.get_values_for_type(x509.DNSName), *map(ip_address, map(str, addresses))}


def _sorted_out(hosts: Sequence[str]) -> tuple[list[str], list[Address]]:
    """Names in lower case, and addresses without the zone that an IPv6 one may end in."""
    names: set[str] = set()
    addresses: set[Address] = set()
    for host in hosts:
        try:
            addresses.add(ip_address(host.partition("%")[0]))
        except ValueError:
            names.add(host.lower().removesuffix("."))
    return sorted(names), sorted(addresses, key=lambda address: (address.version, int(address)))


def _loaded(path: Path) -> Credential | None:
    if not path.exists():
        return None
    pem = path.read_bytes()
    try:
        key = serialization.load_pem_private_key(pem, password=None)
        certificate = x509.load_pem_x509_certificate(pem)
    except ValueError as error:
        raise _unreadable(path) from error
    if (
        not isinstance(key, ec.EllipticCurvePrivateKey)
        or key.public_key() != certificate.public_key()
    ):
        raise _unreadable(path)
    return Credential(certificate, key)


def _unreadable(path: Path) -> CertificateUnreadable:
    return CertificateUnreadable(
        f"{path} is damaged. Delete it and start again; if it is the authority, "
        "every phone has to trust the new one."
    )


def _write(path: Path, content: bytes, mode: int) -> None:
    """Whole or not at all, and never for a moment readable by more than ``mode`` says."""
    fresh = path.with_name(f"{path.name}.new")
    fresh.unlink(missing_ok=True)
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)


def _permitted() -> list[x509.GeneralName]:
    names: list[x509.GeneralName] = [x509.DNSName(name) for name in HOME_NAMES]
    return names + [x509.IPAddress(network) for network in HOME_NETWORKS]


def _leaf_dated(authority: x509.Certificate, now: datetime) -> x509.CertificateBuilder:
    start = max(now - _BACKDATED, authority.not_valid_before_utc)
    end = min(start + timedelta(days=LEAF_DAYS), authority.not_valid_after_utc)
    return _dated(_name("Nearer at home"), authority.subject, start, end)


def _dated(
    subject: x509.Name, issuer: x509.Name, start: datetime, end: datetime
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(end)
    )


def _name(common: str) -> x509.Name:
    """For people to read; what a browser compares stands in the alternative names only."""
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common)])


def _issuer_id(authority: Credential) -> x509.AuthorityKeyIdentifier:
    return x509.AuthorityKeyIdentifier.from_issuer_public_key(authority.key.public_key())


def _usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        encipher_only=False,
        decipher_only=False,
    )
