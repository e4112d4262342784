"""The oblivious function is that of RFC 9497 and its points those of RFC 9380: by their vectors, and by plain sums."""

import pytest

from pratique.partners.exchange import oprf
from pratique.partners.exchange.p256 import (
    ORDER,
    PRIME,
    Scalar,
    hash_to_point,
    hash_to_scalar,
    read_element,
    write_element,
)

TAG = b"QUUX-V01-CS02-with-P256_XMD:SHA-256_SSWU_RO_"
POINTS = {  # RFC 9380, J.1.1
    b"": (
        "2c15230b26dbc6fc9a37051158c95b79656e17a1a920b11394ca91c44247d3e4",
        "8a7a74985cc5c776cdfe4b1f19884970453912e9d31528c060be9ab5c43e8415",
    ),
    b"abc": (
        "0bb8b87485551aa43ed54f009230450b492fead5f1cc91658775dac4a3388a0f",
        "5c41b3d0731a27a7b14bc0bf0ccded2d8751f83493404c84a88e71ffd424212e",
    ),
    b"abcdef0123456789": (
        "65038ac8f2b1def042a5df0b33b1f4eca6bff7cb0f9c6c1526811864e544ed80",
        "cad44d40a656e7aff4002a8de287abc8ae0482b5ae825822bb870d6df9b56ca3",
    ),
    b"q128_" + b"q" * 128: (
        "4be61ee205094282ba8a2042bcb48d88dfbb609301c49aa8b078533dc65a0b5d",
        "98f8df449a072c4721d241a3b1236d3caccba603f916ca680f4539d2bfb3c29e",
    ),
    b"a512_" + b"a" * 512: (
        "457ae2981f70ca85d8e24c308b14db22f3e3862c5ea0f652ca38b5e49cd64bc5",
        "ecb9f0eadc9aeed232dabc53235368c1394c78de05dd96893eefa62b0f4757dc",
    ),
}
SEED, INFO = b"\xa3" * 32, b"test key"  # RFC 9497, A.3.1
BLIND = 0x3338FA65EC36E0290022B48EB562889D89DBFA691D1CDE91517FA222ED7AD364
CASES = [  # input, blinded element, evaluated element, output
    (
        "00",
        "03723a1e5c09b8b9c18d1dcbca29e8007e95f14f4732d9346d490ffc195110368d",
        "030de02ffec47a1fd53efcdd1c6faf5bdc270912b8749e783c7ca75bb412958832",
        "a0b34de5fa4c5b6da07e72af73cc507cceeb48981b97b7285fc375345fe495dd",
    ),
    (
        "5a" * 17,
        "03cc1df781f1c2240a64d1c297b3f3d16262ef5d4cf102734882675c26231b0838",
        "03a0395fe3828f2476ffcd1f4fe540e5a8489322d398be3c4e5a869db7fcb7c52c",
        "c748ca6dd327f0ce85f4ae3a8cd6d4d5390bbb804c9e12dcf94f853fece3dcce",
    ),
]
BASE = read_element(bytes.fromhex("036b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296"))


@pytest.mark.parametrize("said", POINTS)
def test_texts_are_hashed_to_the_points_of_the_standard(said: bytes) -> None:
    assert hash_to_point(said, TAG) == tuple(int(each, 16) for each in POINTS[said])


@pytest.mark.parametrize(("said", "element", "evaluated", "output"), CASES)
def test_the_function_gives_what_the_standard_gives(said: str, element: str, evaluated: str, output: str) -> None:
    key, asked = oprf.derive_key(SEED, INFO), bytes.fromhex(said)
    assert oprf.blind(asked, BLIND).hex() == element
    assert oprf.blind_evaluate(key, bytes.fromhex(element)).hex() == evaluated
    assert oprf.finalize(asked, oprf.inverse_of(BLIND), bytes.fromhex(evaluated)).hex() == output
    assert oprf.evaluate(key, asked).hex() == output


def plain(scalar: int, point: tuple[int, int]) -> tuple[int, int]:
    """Doubling and adding in affine coordinates (SEC 1, 2.2.1): slow, obvious, and no code of the product's."""
    found: tuple[int, int] | None = None
    for bit in bin(scalar)[2:]:
        found = added(found, found)
        if bit == "1":
            found = added(found, point)
    assert found is not None
    return found


def added(one: tuple[int, int] | None, other: tuple[int, int] | None) -> tuple[int, int] | None:
    if one is None or other is None:
        return one or other
    if one[0] == other[0] and (one[1] + other[1]) % PRIME == 0:
        return None
    up, across = (3 * one[0] ** 2 - 3, 2 * one[1]) if one == other else (other[1] - one[1], other[0] - one[0])
    slope = up * pow(across, -1, PRIME) % PRIME
    x = (slope * slope - one[0] - other[0]) % PRIME
    return x, (slope * (one[0] - x) - one[1]) % PRIME


def test_points_are_multiplied_as_by_plain_sums() -> None:
    scalars = [1, 2, 3, ORDER - 1, ORDER - 2, *(hash_to_scalar(bytes([each]), b"test") for each in range(12))]
    opposite = BASE[0], PRIME - BASE[1]
    for number, scalar in enumerate(scalars):
        for point in (hash_to_point(bytes([number]), TAG), BASE, opposite, plain(2, BASE), plain(ORDER - 2, BASE)):
            assert Scalar(scalar).times(point) == plain(scalar, point)


def test_elements_are_read_as_they_were_written() -> None:
    for said in POINTS:
        point = hash_to_point(said, TAG)
        assert read_element(write_element(point)) == point
