"""Builders that the tests of shared use: any event at all, drawn by Hypothesis."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import strategies as st

from shared import facts, packs, wire
from shared.reading import refuse_unfit_text

IDS = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9._:-]{0,20}", fullmatch=True)
WORDS = st.text(max_size=40).filter(lambda text: refuse_unfit_text(text) is None)
SOME_WORDS = WORDS.filter(str.strip)
MOMENTS = st.datetimes(datetime(1991, 1, 1), datetime(2099, 12, 30), timezones=st.just(UTC))
DAYS = st.dates(date(1991, 1, 1), date(2099, 12, 31))
NUMBERS = st.floats(-1e6, 1e6) | st.integers(-(10**6), 10**6)
LIST = packs.checklist()


def _answers(basis):
    value = SOME_WORDS | st.lists(WORDS, min_size=1, max_size=4).map(tuple) | NUMBERS
    one = st.builds(
        facts.Answer,
        item=st.sampled_from(sorted(LIST.items)),
        value=value,
        about=st.none() | IDS,
        basis=st.sampled_from(facts.BASES),
        note=WORDS,
        also=WORDS,
        reason=WORDS,
    )
    return st.lists(one, max_size=6).map(tuple)


def _events():
    common = {
        "id": IDS,
        "at": MOMENTS,
        "received_at": MOMENTS,
        "by": WORDS,
        "agency": st.sampled_from(facts.AGENCIES),
    }
    maybe = st.none() | IDS
    role = st.sampled_from(("", *wire.ROLES))
    child = st.builds(
        facts.Child,
        id=IDS,
        name=WORDS,
        born=DAYS,
        due=st.none() | DAYS,
        gestation_weeks=st.none() | st.integers(20, 45),
        birth_weight_g=st.none() | st.integers(200, 8000),
        bottle_fed=st.none() | st.booleans(),
    )
    adult = st.builds(facts.Adult, id=IDS, name=WORDS, relation=WORDS)
    people = st.lists(child | adult, max_size=4, unique_by=lambda person: person.id)
    household = people.flatmap(
        lambda all_: st.builds(
            facts.Household,
            id=st.just("family-1"),
            name=WORDS,
            address=WORDS,
            phone=WORDS,
            children=st.just(tuple(each for each in all_ if isinstance(each, facts.Child))),
            adults=st.just(tuple(each for each in all_ if isinstance(each, facts.Adult))),
        )
    )
    action = st.builds(facts.PlanAction, code=IDS, who=st.sampled_from(wire.ROLES), due=MOMENTS)
    outcomes = st.lists(st.sampled_from(wire.OUTCOMES), min_size=1, max_size=4).map(tuple)
    of_rule = {"rule": IDS, "on": IDS, "plan": st.none()}
    of_plan = {"rule": st.none(), "on": st.none(), "plan": IDS}
    done = {"action": IDS, "note": WORDS, "reference": WORDS, "outcome": WORDS}
    return st.one_of(
        st.builds(facts.HouseholdRecorded, **common, household=household),
        st.builds(
            facts.Visit,
            **common,
            answers=_answers("seen"),
            checklist=st.just("infant-home-visit/1"),
            left_at=st.none() | MOMENTS,
            shown=st.lists(IDS, max_size=3).map(tuple),
            amends=maybe,
        ),
        st.builds(
            facts.Report, **common, answers=_answers("seen"), event_ref=st.none() | SOME_WORDS
        ),
        st.builds(
            facts.PlanStarted,
            **common,
            plan=IDS,
            kind=st.sampled_from(wire.PLAN_KINDS),
            children=st.lists(IDS, min_size=1, max_size=3).map(tuple),
            see_every=st.none() | st.integers(1, 260),
            no_access=st.none() | st.builds(facts.NoAccess, outcomes=outcomes),
            actions=st.lists(action, max_size=3).map(tuple),
            words=WORDS,
        ),
        st.builds(facts.PlanEnded, **common, plan=IDS),
        st.builds(facts.Arrival, **common, kind=st.sampled_from(facts.ARRIVALS), child=IDS),
        st.builds(facts.ClosureRequest, **common, kind=st.sampled_from(wire.CLOSURES), plan=IDS),
        st.builds(
            facts.Decision,
            **common,
            kind=st.sampled_from(facts.DECISIONS),
            role=role,
            reason=WORDS,
            rule=IDS,
            on=IDS,
            item=IDS,
            about=maybe,
            to=st.sampled_from(wire.LEVELS_TO),
            basis=st.none() | st.sampled_from(facts.BASES),
        ),
        st.builds(facts.Disagreed, **common, reason=SOME_WORDS),
        st.builds(facts.Acknowledged, **common, rule=IDS, on=IDS, role=role),
        st.builds(facts.ActionDone, **common, **of_rule, **done),
        st.builds(facts.ActionDone, **common, **of_plan, **done),
    )


@pytest.fixture(scope="session")
def any_event():
    """Return a strategy that draws a sound event of any type."""
    return _events()
