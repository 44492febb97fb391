"""The places of the whole world: towns in the spellings that reports use, ranked, and missed with sensible advice."""

from __future__ import annotations

import subprocess
import sys
import time

import pytest

from hotwash.errors import PlaceError
from hotwash.geo import geodesy, spelling, towns
from hotwash.work.places import look_up

# Published coordinates (the towns' articles in Wikipedia, to a hundredth of a degree), and names in English, the local
# language, Polish and Ukrainian.
PUBLISHED = {
    "DE": (48.14, 11.58, "Munich", "München", "Muenchen", "Monachium", "Мюнхен"),
    "UA": (49.84, 24.03, "Lviv", "Львів", "Lwów", "Lwow", "Lemberg"),
    "LT": (54.69, 25.28, "Vilnius", "Wilno", "Вільнюс"),
    "IT": (41.89, 12.48, "Rome", "Roma", "Rzym", "Рим"),
    "FR": (48.86, 2.35, "Paris", "Paryż", "Paryz", "Париж"),
    "GB": (51.51, -0.13, "London", "Londyn", "Лондон"),
    "NO": (69.65, 18.96, "Tromsø", "Tromso", "Tromsoe", "Тромсе"),
    "GI": (36.14, -5.35, "Gibraltar", "Гібралтар", "Ґібралтар"),
    "GR": (37.98, 23.73, "Athens", "Αθήνα", "Ateny", "Афіни"),
    "IN": (28.61, 77.21, "Delhi", "दिल्ली", "Делі"),
    "JP": (35.69, 139.69, "Tokyo", "東京", "Tokio", "Токіо"),
    "CN": (39.91, 116.40, "Beijing", "北京", "Pekin", "Пекін"),
    "EG": (30.04, 31.24, "Cairo", "القاهرة", "Kair", "Каїр"),
    "KE": (-1.29, 36.82, "Nairobi", "Найробі"),
    "ZA": (-33.93, 18.42, "Cape Town", "Kaapstad", "Kapsztad", "Кейптаун"),
    "AU": (-33.87, 151.21, "Sydney", "Sidney", "Сідней"),
    "FJ": (-18.14, 178.44, "Suva", "Сува"),
    "EC": (-0.22, -78.51, "Quito", "Кіто"),
    "AR": (-54.80, -68.30, "Ushuaia", "Ушуая"),
    "US": (61.22, -149.90, "Anchorage", "Анкоридж"),
    "GL": (64.18, -51.74, "Nuuk"),
}
CASES = [(country, name) for country, (_, _, *spellings) in PUBLISHED.items() for name in spellings]


@pytest.mark.parametrize(("country", "name"), CASES)
def test_a_town_is_found_where_it_is_published_to_be_in_each_spelling(country: str, name: str):
    lat, lon, *_ = PUBLISHED[country]
    found = look_up(name)[0]
    assert found.country == country
    away_km = float(geodesy.distance_m(lat, lon, found.lat_deg, found.lon_deg)) / 1000.0
    assert away_km < 2.0 * found.sigma_position_km


def test_there_are_towns_of_all_sizes_from_every_continent():
    listed = towns.load_towns()
    assert len(listed.name) > 26_000
    assert min(listed.lat_deg) < -54.0
    assert max(listed.lat_deg) > 69.0
    assert {"PL 78", "UA 12", "IN 07", "BR 27", "NG 05", "AU 02", "US CA"} <= set(listed.region)


def test_people_are_kept_to_two_digits():
    said = [towns.say_people(people) for people in (0, 7, 15_000, 41_915, 99_600, 1_505_005, 24_874_500)]
    assert [towns.read_people(code) for code in said] == [0, 7, 15_000, 42_000, 100_000, 1_500_000, 25_000_000]


def test_an_ambiguous_name_lists_the_largest_town_first():
    assert [(place.country, place.admin) for place in look_up("Paris")[:2]] == [("FR", ""), ("US", "TX")]
    people = [place.population or 0 for place in look_up("Georgetown") if place.name == "Georgetown"]
    assert people == sorted(people, reverse=True)
    assert len(people) >= 3


def test_the_nearest_comes_first_where_an_area_is_given():
    assert look_up("Paris", near=(33.0, -96.0))[0].country == "US"
    assert look_up("Brest", near=(48.0, -4.0))[0].country == "FR"


def test_what_the_gazetteer_holds_comes_first_and_once_with_its_people():
    found = look_up("Warsaw")
    assert (found[0].place_id, found[0].name, found[0].kind) == ("gn-756135", "Warszawa", "capital")
    assert (found[0].population or 0) > 1_500_000
    assert [place.name for place in found if place.country == "PL" and place.kind != "aerodrome"] == ["Warszawa"]
    assert [place.kind for place in look_up("Smyków")] == ["village"] * 3


@pytest.mark.parametrize("name", ["EDDM", "eddm", "MUC", "Munich International Airport"])
def test_an_aerodrome_is_found_by_its_codes_and_its_name(name: str):
    found = look_up(name)[0]
    assert (found.place_id, found.kind, found.country) == ("EDDM", "aerodrome", "DE")
    assert float(geodesy.distance_m(48.354, 11.786, found.lat_deg, found.lon_deg)) < 2_000.0


def test_a_town_is_listed_with_its_aerodromes_behind_it():
    assert [(place.name, place.kind) for place in look_up("Nadi")] == [
        ("Nadi", "town"),
        ("Nadi International Airport", "aerodrome"),
    ]
    assert look_up("Kastrup")[-1].place_id == "EKCH"


@pytest.mark.parametrize(
    ("slip", "meant"),
    [("Munihc", "Munich"), ("Warszwa", "Warszawa"), ("Copenhagn", "Copenhagen"), ("Wryki", "Wyryki-Wola")],
)
def test_a_slip_of_the_hand_is_answered_with_the_name_that_was_meant(slip: str, meant: str):
    with pytest.raises(PlaceError, match=f"did you mean {meant}"):
        look_up(slip)


@pytest.mark.parametrize("name", ["Xqzxqz", "Qwertzuiop", "EDDX", "", "  ", "Zzz"])
def test_a_name_like_no_other_is_answered_without_far_fetched_advice(name: str):
    with pytest.raises(PlaceError, match="it has no similar name"):
        look_up(name)


def test_the_beginning_of_a_word_finds_places_only_where_nothing_has_more_of_the_name():
    assert {place.name for place in look_up("Lond")} >= {"London", "Londrina"}
    assert all(place.name.startswith("London") for place in look_up("London") if place.kind != "aerodrome")


def test_names_differ_by_wrong_missing_surplus_and_exchanged_letters():
    # Each counted by hand; "ca" to "abc" is the textbook's case: 3 where nothing may be changed twice.
    others = ["munich", "munihc", "munch", "munnich", "munick", "abc"]
    assert spelling.letters_apart("munich", others).tolist() == [0, 1, 1, 1, 1, 5]
    assert spelling.letters_apart("ca", ["abc"]).tolist() == [3]


def test_a_search_waits_for_no_array_library():
    said = "import sys; from hotwash.work.places import look_up; look_up('Lublin'); print(*sys.modules)"
    modules = subprocess.run([sys.executable, "-c", said], capture_output=True, text=True, check=True).stdout.split()
    assert not {"numpy", "polars", "pyproj", "shapely"} & set(modules)


def test_a_search_in_lists_already_read_takes_a_fraction_of_a_second():
    look_up("Lublin")  # reads the lists
    began = time.process_time()
    look_up("Monachium")
    assert time.process_time() - began < 0.25
