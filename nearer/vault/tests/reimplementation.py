"""A second implementation of docs/protocol.md, from the page alone, and the maker of its vectors.

It shares no code with ``nearer.vault``, and where it can, no library either: Argon2id is the one
of OpenSSL, HKDF is written out over ``hmac``, and libsodium's sealed box is rebuilt from X25519,
BLAKE2b, Poly1305 and a Salsa20 of its own (D. J. Bernstein, The Salsa20 family of stream ciphers,
and Extending the Salsa20 nonce). Nonces are arguments, so that the vectors can be fixed.

``python -m nearer.vault.tests.reimplementation docs/protocol-vectors.json`` writes the vectors.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import struct
import sys
import unicodedata
from pathlib import Path

from cryptography.hazmat.primitives import poly1305
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from mnemonic import Mnemonic

Vector = dict[str, str | int | list[str]]

_SIGMA = struct.unpack("<4I", b"expand 32-byte k")


def j(*parts: str) -> bytes:
    return b"".join(len(part.encode()).to_bytes(4, "big") + part.encode() for part in parts)


def p(text: str, multiple: int = 32) -> bytes:
    marked = text.encode() + b"\x80"
    while len(marked) % multiple:
        marked += b"\x00"
    return marked


def unpadded(padded: bytes) -> str:
    return padded.rstrip(b"\x00").removesuffix(b"\x80").decode()


def hkdf(key: bytes, salt: bytes, info: bytes, length: int) -> bytes:
    pseudo_random = hmac.digest(salt, key, "sha256")
    out = block = b""
    while len(out) < length:
        counter = bytes([len(out) // 32 + 1])
        block = hmac.digest(pseudo_random, block + info + counter, "sha256")
        out += block
    return out[:length]


def d(key: bytes, purpose: str, *parts: str, salt: bytes = bytes(32)) -> bytes:
    return hkdf(key, salt, j("nearer", purpose, *parts), 32)


def argon2id(secret: bytes, salt: bytes, memory_kib: int, passes: int) -> bytes:
    run = Argon2id(salt=salt, length=32, iterations=passes, lanes=1, memory_cost=memory_kib)
    return run.derive(secret)


def root(passphrase: str, salt: bytes, memory_kib: int, passes: int) -> bytes:
    return argon2id(unicodedata.normalize("NFKC", passphrase).encode(), salt, memory_kib, passes)


def code_key(code: str, purpose: str) -> bytes:
    raw = base64.b32decode(code.replace("-", ""))
    return d(hashlib.sha256(raw).digest(), purpose)


def wrap(inner: bytes, under: bytes, purpose: str, owner: str, nonce: bytes) -> bytes:
    return nonce + AESGCM(under).encrypt(nonce, inner, j("wrap", purpose, owner))


def unwrap(frame: bytes, under: bytes, purpose: str, owner: str) -> bytes:
    return AESGCM(under).decrypt(frame[:12], frame[12:], j("wrap", purpose, owner))


def seal_field(
    key: bytes, version: int, text: str, cell: tuple[str, str, str], nonce: bytes
) -> bytes:
    label = j("field", str(version), *cell)
    return version.to_bytes(2, "big") + b"\x01" + nonce + AESGCM(key).encrypt(nonce, p(text), label)


def open_field(key: bytes, version: int, frame: bytes, cell: tuple[str, str, str]) -> str:
    assert frame[:3] == version.to_bytes(2, "big") + b"\x01"
    label = j("field", str(version), *cell)
    return unpadded(AESGCM(key).decrypt(frame[3:15], frame[15:], label))


def public_of(private: bytes) -> bytes:
    return X25519PrivateKey.from_private_bytes(private).public_key().public_bytes_raw()


def box_for(public: bytes, inside: bytes, ephemeral: bytes) -> bytes:
    """``crypto_box_seal``, with a given ephemeral private key."""
    ephemeral_public = public_of(ephemeral)
    stream = _stream(ephemeral, public, _box_nonce(ephemeral_public, public), len(inside))
    hidden = _xor(inside, stream[32:])
    tag = poly1305.Poly1305.generate_tag(stream[:32], hidden)
    return ephemeral_public + tag + hidden


def unbox(private: bytes, box: bytes) -> bytes:
    ephemeral_public, tag, hidden = box[:32], box[32:48], box[48:]
    nonce = _box_nonce(ephemeral_public, public_of(private))
    stream = _stream(private, ephemeral_public, nonce, len(hidden))
    poly1305.Poly1305.verify_tag(stream[:32], hidden, tag)
    return _xor(hidden, stream[32:])


def _box_nonce(ephemeral_public: bytes, public: bytes) -> bytes:
    return hashlib.blake2b(ephemeral_public + public, digest_size=24).digest()


def _stream(private: bytes, public: bytes, nonce: bytes, length: int) -> bytes:
    """XSalsa20; its first 32 bytes are the Poly1305 key, the text begins after them."""
    shared = X25519PrivateKey.from_private_bytes(private).exchange(
        X25519PublicKey.from_public_bytes(public)
    )
    key = _hsalsa20(_hsalsa20(shared, bytes(16)), nonce[:16])
    blocks = range(length // 64 + 2)
    return b"".join(_salsa20(key, nonce[16:] + struct.pack("<Q", block)) for block in blocks)


def _xor(left: bytes, right: bytes) -> bytes:
    return bytes(a ^ b for a, b in zip(left, right, strict=False))


def _hsalsa20(key: bytes, given: bytes) -> bytes:
    after = _rounds(_state(key, given))
    return struct.pack("<8I", *(after[i] for i in (0, 5, 10, 15, 6, 7, 8, 9)))


def _salsa20(key: bytes, given: bytes) -> bytes:
    before = _state(key, given)
    sums = zip(before, _rounds(before), strict=True)
    return struct.pack("<16I", *((a + b) & 0xFFFFFFFF for a, b in sums))


def _state(key: bytes, given: bytes) -> list[int]:
    k, n, s = struct.unpack("<8I", key), struct.unpack("<4I", given), _SIGMA
    return [s[0], *k[:4], s[1], *n, s[2], *k[4:], s[3]]


def _rounds(state: list[int]) -> list[int]:
    x = list(state)
    for _ in range(10):
        for i in range(4):
            _quarter(x, *(4 * ((i + row) % 4) + i for row in range(4)))
        for i in range(4):
            _quarter(x, *(4 * i + (i + column) % 4 for column in range(4)))
    return x


def _quarter(x: list[int], a: int, b: int, c: int, e: int) -> None:
    for target, left, right, turn in ((b, a, e, 7), (c, b, a, 9), (e, c, b, 13), (a, e, c, 18)):
        total = (x[left] + x[right]) & 0xFFFFFFFF
        x[target] ^= ((total << turn) | (total >> (32 - turn))) & 0xFFFFFFFF


def compared(publics: list[bytes], space: str) -> bytes:
    salt = hashlib.sha256(j("compare", space)).digest()
    return argon2id(b"".join(sorted(publics)), salt, 19 * 1024, 2)


def six_words(digest: bytes) -> list[str]:
    bits = "".join(f"{byte:08b}" for byte in digest)
    words = Mnemonic("english").wordlist
    return [words[int(bits[i : i + 11], 2)] for i in range(0, 66, 11)]


def archive(content: bytes, key: bytes | str, salt: bytes, memory_kib: int, passes: int) -> bytes:
    if isinstance(key, str):
        kind, cost, top = 1, (memory_kib, passes, 1), d(root(key, salt, memory_kib, passes), "kek")
    else:
        kind, cost, top = 2, (0, 0, 0), key
    header = b"nearer\x1a\n" + bytes([1, kind]) + struct.pack(">IIB", *cost) + salt
    both = hkdf(top, salt, b"nearer archive" + header, 64)
    chunks = [content[i : i + 65536] for i in range(0, len(content), 65536)] or [b""]
    out = header + both[32:]
    for number, chunk in enumerate(chunks):
        last = number == len(chunks) - 1
        nonce = bytes(7) + number.to_bytes(4, "big") + bytes([last])
        out += AESGCM(both[:32]).encrypt(nonce, chunk, header)
    return out


def fixed(name: str, length: int = 32) -> bytes:
    """Bytes that anybody can make again and nobody chose."""
    return hashlib.sha256(f"nearer vector: {name}".encode()).digest()[:length]


def fixed_id(name: str) -> str:
    h = fixed(name, 16).hex()
    return f"{h[:8]}-{h[8:12]}-{h[12:16]}-{h[16:20]}-{h[20:]}"


ANA, BO, SPACE, DEVICE, ROW = map(fixed_id, ("Ana", "Bo", "space", "device", "row"))
CELL = ("listening_line", ROW, "words")
TEXTS = ("", "10", "It mattered that you waited.", "Ich hör dich 🌿\0\x80", "x" * 31, "x" * 32)
CODE = "-".join(base64.b32encode(fixed("code", 20)).decode()[i : i + 4] for i in range(0, 32, 4))


def passphrase_vectors() -> list[Vector]:
    salt, texts = fixed("salt", 16), ("eleven wet umbrellas", "\ufb01ve \u2460 caf\u0065\u0301", "")
    made = [(text, root(text, salt, 64, 1)) for text in texts]
    made_defaults = [(texts[0], root(texts[0], salt, 65536, 3))]
    return [
        {
            "passphrase": text,
            "salt": salt.hex(),
            "memory_kib": memory,
            "passes": passes,
            "verifier": d(top, "auth").hex(),
            "kek": d(top, "kek").hex(),
        }
        for memory, passes, group in ((64, 1, made), (65536, 3, made_defaults))
        for text, top in group
    ]


def code_vectors() -> list[Vector]:
    purposes = ("recovery", "invitation", "guest")
    return [{"code": CODE, "purpose": u, "key": code_key(CODE, u).hex()} for u in purposes]


def session_vectors() -> list[Vector]:
    cookie, salt, private = fixed("cookie"), fixed("session salt", 16), fixed("private")
    key = d(cookie, "session", DEVICE, salt=salt)
    frame = wrap(private, key, "session", DEVICE, fixed("wrap nonce", 12))
    return [
        {
            "cookie_secret": cookie.hex(),
            "device": DEVICE,
            "salt": salt.hex(),
            "session_key": key.hex(),
            "private": private.hex(),
            "frame": frame.hex(),
        }
    ]


def grant_vectors() -> list[Vector]:
    private, key = fixed("private"), fixed("space key")
    return [
        {
            "space": SPACE,
            "person": BO,
            "version": version,
            "private": private.hex(),
            "public": public_of(private).hex(),
            "key": key.hex(),
            "box": box_for(
                public_of(private),
                j("grant", SPACE, str(version), BO) + key,
                fixed(f"ephemeral {version}"),
            ).hex(),
        }
        for version in (1, 2, 65535)
    ]


def field_vectors() -> list[Vector]:
    key = fixed("space key")
    return [
        {
            "key": key.hex(),
            "version": version,
            "cell": list(CELL),
            "text": text,
            "frame": seal_field(
                key, version, text, CELL, fixed(f"nonce {version} {text}", 12)
            ).hex(),
        }
        for version in (1, 258)
        for text in TEXTS
    ]


def person_vectors() -> list[Vector]:
    private = fixed("private")
    return [
        {
            "private": private.hex(),
            "cell": list(CELL),
            "text": text,
            "box": box_for(
                public_of(private), j("person", *CELL) + p(text), fixed(f"ephemeral {text}")
            ).hex(),
        }
        for text in TEXTS
    ]


def comparison_vectors() -> list[Vector]:
    publics = [public_of(fixed("private")), public_of(fixed("another private"))]
    digest = compared(publics, SPACE)
    return [
        {
            "publics": [public.hex() for public in publics],
            "space": SPACE,
            "digest": digest.hex(),
            "words": six_words(digest),
        }
    ]


def archive_vectors() -> list[Vector]:
    content, salt = "The whole house, in small.", fixed("archive salt", 16)
    passphrase, house = "eleven wet umbrellas", fixed("house key")
    return [
        {
            "content": content,
            "passphrase": passphrase,
            "archive": archive(content.encode(), passphrase, salt, 64, 1).hex(),
        },
        {
            "content": content,
            "house_key": house.hex(),
            "archive": archive(content.encode(), house, salt, 0, 0).hex(),
        },
        {"content": "", "house_key": house.hex(), "archive": archive(b"", house, salt, 0, 0).hex()},
    ]


def vectors() -> dict[str, list[Vector]]:
    return {
        "passphrase": passphrase_vectors(),
        "code": code_vectors(),
        "session": session_vectors(),
        "grant": grant_vectors(),
        "field": field_vectors(),
        "person": person_vectors(),
        "comparison": comparison_vectors(),
        "archive": archive_vectors(),
    }


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(json.dumps(vectors(), indent=1) + "\n", encoding="ascii")
