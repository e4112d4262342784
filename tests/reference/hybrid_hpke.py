"""HPKE with MLKEM768-X25519, slow and obvious: hash functions and AES-GCM are a library's, all else is written out.

ML-KEM-768 after FIPS 203, the hybrid after draft-ietf-hpke-pq (the combiner of X-Wing), X25519 after RFC 7748, the key
schedule of base mode after RFC 9180. Made to check another implementation with: it shares no code with it, and takes
no care of timing. The AEAD is a parameter, because the published case of this KEM uses ChaCha20-Poly1305.
"""

from __future__ import annotations

import hashlib
import hmac

from cryptography.hazmat.primitives.ciphers.aead import AESGCM, ChaCha20Poly1305

KEM_ID, KDF_ID = 0x647A, 0x0001
AES_256_GCM, CHACHA20_POLY1305 = 0x0002, 0x0003
Q, N, K, ETA, DU, DV = 3329, 256, 3, 2, 10, 4
LABEL = b"\\.//^\\"
P25519 = 2**255 - 19


def _bit_reversed(number: int) -> int:
    return int(f"{number:07b}"[::-1], 2)


ZETAS = [pow(17, _bit_reversed(each), Q) for each in range(128)]
GAMMAS = [pow(17, 2 * _bit_reversed(each) + 1, Q) for each in range(128)]


# ML-KEM-768 (FIPS 203); a polynomial is a list of 256 integers modulo 3329


def ntt(polynomial: list[int]) -> list[int]:
    f, at, length = list(polynomial), 1, 128
    while length >= 2:
        for start in range(0, N, 2 * length):
            for j in range(start, start + length):
                t = ZETAS[at] * f[j + length] % Q
                f[j + length], f[j] = (f[j] - t) % Q, (f[j] + t) % Q
            at += 1
        length //= 2
    return f


def inverse_ntt(transformed: list[int]) -> list[int]:
    f, at, length = list(transformed), 127, 2
    while length <= 128:
        for start in range(0, N, 2 * length):
            for j in range(start, start + length):
                t = f[j]
                f[j], f[j + length] = (t + f[j + length]) % Q, ZETAS[at] * (f[j + length] - t) % Q
            at -= 1
        length *= 2
    return [each * 3303 % Q for each in f]


def times(one: list[int], other: list[int]) -> list[int]:
    product = []
    for each in range(128):
        a0, a1, b0, b1 = one[2 * each], one[2 * each + 1], other[2 * each], other[2 * each + 1]
        product += [(a0 * b0 + a1 * b1 * GAMMAS[each]) % Q, (a0 * b1 + a1 * b0) % Q]
    return product


def plus(one: list[int], other: list[int]) -> list[int]:
    return [(a + b) % Q for a, b in zip(one, other, strict=True)]


def minus(one: list[int], other: list[int]) -> list[int]:
    return [(a - b) % Q for a, b in zip(one, other, strict=True)]


def bits_of(data: bytes) -> list[int]:
    return [byte >> place & 1 for byte in data for place in range(8)]


def decoded(data: bytes, width: int) -> list[int]:
    bits = bits_of(data)
    return [sum(bits[width * at + place] << place for place in range(width)) for at in range(N)]


def encoded(polynomial: list[int], width: int) -> bytes:
    bits = [each >> place & 1 for each in polynomial for place in range(width)]
    return bytes(sum(bits[at + place] << place for place in range(8)) for at in range(0, len(bits), 8))


def compressed(polynomial: list[int], width: int) -> list[int]:
    return [((each << width) + Q // 2) // Q % (1 << width) for each in polynomial]


def decompressed(polynomial: list[int], width: int) -> list[int]:
    return [(each * Q + (1 << width - 1)) >> width for each in polynomial]


def uniform(seed: bytes) -> list[int]:
    stream, found, at = hashlib.shake_128(seed).digest(3 * 1000), [], 0
    while len(found) < N:
        a, b, c = stream[at : at + 3]
        found += [each for each in (a + 256 * (b % 16), b // 16 + 16 * c) if each < Q]
        at += 3
    return found[:N]


def binomial(seed: bytes, number: int) -> list[int]:
    bits = bits_of(hashlib.shake_256(seed + bytes([number])).digest(64 * ETA))
    return [
        (sum(bits[2 * at * ETA : 2 * at * ETA + ETA]) - sum(bits[2 * at * ETA + ETA : 2 * at * ETA + 2 * ETA])) % Q
        for at in range(N)
    ]


def matrix(rho: bytes) -> list[list[list[int]]]:
    return [[uniform(rho + bytes([j, i])) for j in range(K)] for i in range(K)]


def lattice_keys(seed: bytes) -> tuple[bytes, bytes]:
    """Encapsulation and decapsulation key from the 64-byte seed ``d || z``."""
    d, z = seed[:32], seed[32:]
    expanded = hashlib.sha3_512(d + bytes([K])).digest()
    rho, sigma = expanded[:32], expanded[32:]
    a = matrix(rho)
    s = [ntt(binomial(sigma, each)) for each in range(K)]
    e = [ntt(binomial(sigma, K + each)) for each in range(K)]
    public = b""
    for i in range(K):
        t = e[i]
        for j in range(K):
            t = plus(t, times(a[i][j], s[j]))
        public += encoded(t, 12)
    public += rho
    private = b"".join(encoded(each, 12) for each in s)
    return public, private + public + hashlib.sha3_256(public).digest() + z


def encrypted(public: bytes, message: bytes, coins: bytes) -> bytes:
    t = [decoded(public[384 * each : 384 * (each + 1)], 12) for each in range(K)]
    a = matrix(public[384 * K :])
    y = [ntt(binomial(coins, each)) for each in range(K)]
    e1 = [binomial(coins, K + each) for each in range(K)]
    u = []
    for i in range(K):
        total = [0] * N
        for j in range(K):
            total = plus(total, times(a[j][i], y[j]))
        u.append(plus(inverse_ntt(total), e1[i]))
    total = [0] * N
    for j in range(K):
        total = plus(total, times(t[j], y[j]))
    v = plus(plus(inverse_ntt(total), binomial(coins, 2 * K)), decompressed(decoded(message, 1), 1))
    return b"".join(encoded(compressed(each, DU), DU) for each in u) + encoded(compressed(v, DV), DV)


def lattice_encapsulated(public: bytes, message: bytes) -> tuple[bytes, bytes]:
    """Ciphertext and secret for the 32 random bytes ``message``."""
    both = hashlib.sha3_512(message + hashlib.sha3_256(public).digest()).digest()
    return encrypted(public, message, both[32:]), both[:32]


def lattice_decapsulated(private: bytes, ciphertext: bytes) -> bytes:
    secret, public = private[: 384 * K], private[384 * K : 768 * K + 32]
    digest, z = private[768 * K + 32 : 768 * K + 64], private[768 * K + 64 :]
    u = [decompressed(decoded(ciphertext[320 * each : 320 * (each + 1)], DU), DU) for each in range(K)]
    v = decompressed(decoded(ciphertext[320 * K :], DV), DV)
    total = [0] * N
    for each in range(K):
        total = plus(total, times(decoded(secret[384 * each : 384 * (each + 1)], 12), ntt(u[each])))
    message = encoded(compressed(minus(v, inverse_ntt(total)), 1), 1)
    both = hashlib.sha3_512(message + digest).digest()
    if encrypted(public, message, both[32:]) != ciphertext:
        return hashlib.shake_256(z + ciphertext).digest(32)
    return both[:32]


# X25519 (RFC 7748)


def x25519(scalar: bytes, point: bytes) -> bytes:
    k = int.from_bytes(scalar, "little") & (2**255 - 8) | 2**254
    x1 = int.from_bytes(point, "little") % 2**255
    x2, z2, x3, z3, swapped = 1, 0, x1, 1, 0
    for place in range(254, -1, -1):
        bit = k >> place & 1
        if swapped ^ bit:
            x2, x3, z2, z3 = x3, x2, z3, z2
        swapped = bit
        a, b, c, d = x2 + z2, x2 - z2, x3 + z3, x3 - z3
        aa, bb, da, cb = a * a, b * b, d * a, c * b
        x3, z3 = (da + cb) ** 2 % P25519, x1 * (da - cb) ** 2 % P25519
        x2, z2 = aa * bb % P25519, (aa - bb) * (aa + 121665 * (aa - bb)) % P25519
    if swapped:
        x2, z2 = x3, z3
    return (x2 * pow(z2, P25519 - 2, P25519) % P25519).to_bytes(32, "little")


BASE = (9).to_bytes(32, "little")


# The hybrid


def combined(lattice: bytes, curve: bytes, curve_ciphertext: bytes, curve_public: bytes) -> bytes:
    return hashlib.sha3_256(lattice + curve + curve_ciphertext + curve_public + LABEL).digest()


def public_key(seed: bytes, curve_private: bytes) -> bytes:
    return lattice_keys(seed)[0] + x25519(curve_private, BASE)


def decapsulated(enc: bytes, seed: bytes, curve_private: bytes) -> bytes:
    """The shared secret of ``enc`` for the private key: the seed of the lattice part (64) and the scalar (32)."""
    lattice = lattice_decapsulated(lattice_keys(seed)[1], enc[:1088])
    curve = x25519(curve_private, enc[1088:])
    return combined(lattice, curve, enc[1088:], x25519(curve_private, BASE))


def encapsulated(public: bytes, message: bytes, ephemeral: bytes) -> tuple[bytes, bytes]:
    """``enc`` and the shared secret, from 32 random bytes for each half."""
    ciphertext, lattice = lattice_encapsulated(public[:1184], message)
    share = x25519(ephemeral, BASE)
    return ciphertext + share, combined(lattice, x25519(ephemeral, public[1184:]), share, public[1184:])


# Base mode (RFC 9180)


def _extract(salt: bytes, ikm: bytes) -> bytes:
    return hmac.digest(salt or bytes(32), ikm, "sha256")


def _expand(secret: bytes, info: bytes, length: int) -> bytes:
    found, block = b"", b""
    for number in range(1, 256):
        if len(found) >= length:
            break
        block = hmac.digest(secret, block + info + bytes([number]), "sha256")
        found += block
    return found[:length]


def schedule(shared: bytes, info: bytes, aead: int) -> tuple[bytes, bytes]:
    """Key and base nonce."""
    suite = b"HPKE" + b"".join(each.to_bytes(2, "big") for each in (KEM_ID, KDF_ID, aead))

    def labeled_extract(salt: bytes, label: bytes, ikm: bytes) -> bytes:
        return _extract(salt, b"HPKE-v1" + suite + label + ikm)

    def labeled_expand(secret: bytes, label: bytes, context: bytes, length: int) -> bytes:
        return _expand(secret, length.to_bytes(2, "big") + b"HPKE-v1" + suite + label + context, length)

    context = b"\x00" + labeled_extract(b"", b"psk_id_hash", b"") + labeled_extract(b"", b"info_hash", info)
    secret = labeled_extract(shared, b"secret", b"")
    return labeled_expand(secret, b"key", context, 32), labeled_expand(secret, b"base_nonce", context, 12)


def opened(sealed: bytes, seed: bytes, curve_private: bytes, info: bytes) -> bytes:
    """The plain bytes of ``enc || ciphertext`` under AES-256-GCM."""
    key, nonce = schedule(decapsulated(sealed[:1120], seed, curve_private), info, AES_256_GCM)
    return AESGCM(key).decrypt(nonce, sealed[1120:], b"")


def sealed_for(public: bytes, plain: bytes, info: bytes, drawn: bytes) -> bytes:
    """``enc || ciphertext`` under AES-256-GCM, from 64 random bytes."""
    enc, shared = encapsulated(public, drawn[:32], drawn[32:])
    key, nonce = schedule(shared, info, AES_256_GCM)
    return enc + AESGCM(key).encrypt(nonce, plain, b"")


def opened_chacha(ciphertext: bytes, key: bytes, nonce: bytes, aad: bytes) -> bytes:
    return ChaCha20Poly1305(key).decrypt(nonce, ciphertext, aad)
