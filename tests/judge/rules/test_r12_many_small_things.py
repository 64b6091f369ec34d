"""R12, four sections at L or above in 30 days, or three items at S or above in 90."""

from __future__ import annotations

import pytest

# An answer at L in each section, ENG being left out of the count.
LOW = {
    "ACC": {"ACC-01": "part"},
    "CHD": {"CHD-02 ada": "patchy"},
    "SLP": {"SLP-05 ada": "stain"},
    "FED": {"FED-03": "low"},
    "HYG": {"HYG-02": "mess"},
    "SAF": {"SAF-02": ["alarm"]},
    "HLT": {"HLT-04 ada": "delay"},
    "PAR": {"PAR-05": "past"},
    "ENG": {"ENG-03": "guard"},
}


@pytest.mark.parametrize(
    ("sections", "fires"),
    [
        ("ACC CHD SLP FED", True),
        ("HYG SAF HLT PAR", True),
        ("ACC HYG HLT SLP", True),
        ("CHD SLP FED", False),
        ("CHD SLP FED ENG", False),
        ("PAR HLT SAF ENG", False),
    ],
)
def test_four_sections_on_one_visit(family, sections, fires):
    home = family()
    said = {}
    for section in sections.split():
        said |= LOW[section]
    home.visit("2026-03-02T10:30", said)
    assert home.evidence("R12") == ({f"e1 {item}" for item in said} if fires else set())


@pytest.mark.parametrize(
    "fourth",
    [
        {"SLP-06 ada": ["toy"]},  # the same section again
        {"ENG-05 ada": "S"},
        {"HYG-02": "ok"},
        {"HYG-02": "unk"},
        {"SAF-01": "unk", "PAR-01": ["unk"]},
        {"HLT-02 ada": "nroll"},  # no level
    ],
)
def test_three_sections_and_something_that_is_no_fourth(family, fourth):
    home = family()
    home.visit("2026-03-02T10:30", LOW["CHD"] | LOW["SLP"] | LOW["FED"] | fourth)
    assert not home.fired("R12")


@pytest.mark.parametrize(
    ("days", "fires"),
    [
        (["2026-03-02", "2026-03-10", "2026-03-20", "2026-04-01"], True),  # 30 days
        (["2026-03-02", "2026-03-10", "2026-03-20", "2026-04-02"], False),
        (["2026-10-10", "2026-10-20", "2026-10-25", "2026-11-09"], True),
        (["2026-10-10", "2026-10-20", "2026-10-25", "2026-11-10"], False),
        (["2026-12-10", "2026-12-20", "2026-12-31", "2027-01-09"], True),
        (["2026-12-10", "2026-12-20", "2026-12-31", "2027-01-10"], False),
    ],
)
def test_four_sections_within_30_days(family, days, fires):
    home = family(ada="2026-01-10", ben="2024-01-10")
    said = [LOW["SLP"], {"CHD-02 ben": "patchy"}, LOW["HYG"], LOW["PAR"]]
    for n, (day, answer) in enumerate(zip(days, said, strict=True)):
        if n % 2:
            home.report(f"{day}T23:30", "nursery", answer)
        else:
            home.visit(f"{day}T23:30", answer)
    assert bool(home.fired("R12")) == fires
    if fires:
        assert {each.split()[0] for each in home.evidence("R12")} == {"e1", "e2", "e3", "e4"}


@pytest.mark.parametrize(
    ("said", "fires"),
    [
        ([{"SLP-05 ada": "wet"}, {"SLP-06 ada": ["pillow"]}, {"SLP-03 ada": "side"}], True),
        ([{"ACC-01": "refused"}, {"HYG-02": "filthy"}, {"PAR-05": "now"}], True),
        ([{"HYG-02": "hazard"}, {"HYG-04": "no"}, {"HYG-03": ["strong"]}], True),  # I is above S
        ([{"SLP-05 ada": "wet"}, {"SLP-05 ada": "foul"}, {"SLP-05 ada": "wet"}], False),
        ([{"SLP-05 ada": "wet"}, {"SLP-05 ben": "wet"}, {"HYG-02": "filthy"}], False),
        ([{"SLP-05 ada": "wet"}, {"HYG-02": "filthy"}, {"SLP-06 ada": ["toy"]}], False),  # L
        ([{"SLP-05 ada": "wet"}, {"HYG-02": "filthy"}, {"ENG-05 ada": "S"}], False),
        ([{"SLP-05 ada": "wet"}, {"HYG-02": "filthy"}, {"ENG-03": "threat"}], False),
        ([{"SLP-05 ada": "wet"}, {"HYG-02": "filthy"}, {"SLP-02 ada": "told"}], False),
    ],
)
def test_three_items_at_s(family, said, fires):
    home = family(ada="2026-01-10", ben="2024-01-10")
    for day, answer in zip(("02", "12", "22"), said, strict=True):
        home.visit(f"2026-03-{day}T10:30", answer)
    assert home.evidence("R12") == (
        {f"e{n} {item}" for n, answer in enumerate(said, 1) for item in answer} if fires else set()
    )


# An answer at S in each section; any three of them are three items.
HIGH = {
    "ACC": {"ACC-01": "refused"},
    "CHD": {"CHD-02 ada": "cold"},
    "SLP": {"SLP-05 ada": "wet"},
    "FED": {"FED-03": "short"},
    "HYG": {"HYG-02": "filthy"},
    "SAF": {"SAF-01": "off"},
    "HLT": {"HLT-04 ada": "untreated"},
    "PAR": {"PAR-05": "now"},
}


@pytest.mark.parametrize("section", HIGH)
def test_three_items_at_s_of_any_section_but_eng(family, section):
    order = list(HIGH)
    at = order.index(section)
    home = family()
    for day, each in zip(("02", "03", "04"), (at, at - 1, at - 2), strict=True):
        assert not home.fired("R12")
        home.visit(f"2026-03-{day}T10:30", HIGH[order[each]])
    assert home.fired("R12")


def test_it_is_raised_once_for_all_the_children_it_is_about(family):
    home = family(ada="2026-01-10", ben="2024-01-10", cam="2022-01-10")
    home.visit("2026-03-02T10:30", {"SLP-05 ada": "wet", "CHD-02 ada": "cold"})
    home.visit("2026-03-03T10:30", {"CHD-05 ben": "behind"})
    assert home.children("R12") == [("ada", "ben")]


@pytest.mark.parametrize(
    ("first", "third", "fires"),
    [
        ("2026-03-02", "2026-05-31", True),  # 90 days
        ("2026-03-02", "2026-06-01", False),
        ("2026-10-05", "2027-01-03", True),
        ("2026-10-05", "2027-01-04", False),
    ],
)
def test_three_items_within_90_days(family, first, third, fires):
    home = family()
    home.visit(f"{first}T00:30", {"SLP-05 ada": "wet"})
    home.report(f"{first}T10:30", "gp", {"HYG-02": "filthy"})
    home.visit(f"{third}T23:30", {"PAR-05": "now"}, agency="social_care")
    assert bool(home.fired("R12")) == fires


def test_on_any_basis_and_in_one_event(family):
    home = family()
    told = {"SLP-05 ada": "wet", "HYG-02": "filthy", "SAF-01": "off"}
    home.report("2026-03-02T10:30", "public", {k: (v, "from_record") for k, v in told.items()})
    assert home.evidence("R12") == {f"e1 {item}" for item in told}
    assert home.fired("R12")[0].level == "S"


@pytest.mark.parametrize(
    ("at", "two", "ten"),
    [
        ("2026-03-02T10:30", "2026-03-04T17:00", "2026-03-16T17:00"),
        ("2026-04-02T18:00", "2026-04-08T17:00", "2026-04-20T17:00"),
        ("2026-10-24T22:30", "2026-10-27T17:00", "2026-11-06T17:00"),
        ("2026-12-24T10:30", "2026-12-30T17:00", "2027-01-12T17:00"),
    ],
)
def test_what_it_requires_of_whom_and_by_when(family, at, two, ten):
    home = family()
    home.visit(at, {"SLP-05 ada": "wet", "HYG-02": "filthy", "SAF-01": "off"})
    assert home.required("R12") == {
        "review_run team_manager": two,
        "chronology_printed team_manager": ten,
        "multi_agency_meeting team_manager": ten,
    }
