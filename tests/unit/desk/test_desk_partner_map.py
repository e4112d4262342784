"""The map of partners: everybody is on it, as wide as there was much, and no line runs over the whole world."""

import re
from itertools import pairwise

from pratique.desk.pictures.partner_map import WIDTH, OnMap, partner_map, seats
from pratique.desk.pictures.world import Frame
from pratique.vocabulary.codes.country import is_known

OWN = OnMap("Customs of XA", "this administration", "NL")


def drawn(*partners: OnMap) -> str:
    return str(partner_map(OWN, partners, told="partners", apart="no place known"))


def test_a_flow_is_as_wide_as_there_was_much_and_what_never_went_is_not_drawn() -> None:
    told = drawn(OnMap("Much", "", "SG", sent=400), OnMap("Little", "", "BR", sent=1, received=4))
    out = [float(width) for width in re.findall(r'class="flow-out" stroke-width="([\d.]+)"', told)]
    assert out[0] == 8.0
    assert 1.25 < out[1] < 2
    assert told.count('class="flow-in"') == 1


def test_who_has_no_place_stands_on_the_strip_and_a_name_is_never_markup() -> None:
    told = drawn(OnMap("<b>Customs</b>", "", "XB", sent=1), OnMap("Stopped", "", "SG", reached=False))
    assert "no place known" in told
    assert "<b>" not in told
    assert told.count('class="w-net"') == 1
    assert "no place known" not in drawn(OnMap("Known", "", "SG"))


def test_no_coast_runs_back_over_the_whole_world() -> None:
    for places in ([(52.5, 5.0), (-16.0, -48.0)], [(1.5, 104.0), (39.0, -77.0)], [(-18.0, 178.5), (-14.0, -172.0)]):
        frame = Frame(places, (WIDTH, 396))
        for coast in frame.coasts():
            xs = [float(point.split()[0]) for point in coast[1:-1].split("L")]
            assert all(abs(a - b) < 120 * frame.unit for a, b in pairwise(xs)), coast[:40]


def test_every_seat_is_of_a_country_and_on_the_globe() -> None:
    assert all(is_known(country) for country in seats())
    assert all(-60 < latitude < 70 and -180 <= longitude <= 180 for latitude, longitude in seats().values())
