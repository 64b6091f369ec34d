"""The next step of a sync: whatever is here and whatever the office says."""

from __future__ import annotations

from itertools import groupby

from hypothesis import given
from hypothesis import strategies as st

from mobile.planning import (
    MOST_BYTES,
    MOST_ITEMS,
    Ask,
    Done,
    FetchPacks,
    Here,
    Pull,
    Send,
    StartOver,
    There,
    Waiting,
    look_again_after,
    next_batch,
    next_step,
    verdict,
    wait_after,
)

PACKS = {"checklist": "infant-home-visit/1", "rules": "england/1"}


@st.composite
def outboxes(draw: st.DrawFn) -> tuple[Waiting, ...]:
    """Visits with their calls, in the order finished, some calls long after their visit."""
    visits = st.tuples(
        st.booleans(), st.sampled_from([1, 1, 2, 4, 60]), st.sampled_from([100, 900, 400_000])
    )
    made = [
        Waiting(f"v{n}" if k == 0 else f"v{n}-call{k}", f"v{n}", urgent, size)
        for n, (urgent, events, size) in enumerate(draw(st.lists(visits, max_size=12)))
        for k in range(events)
    ]
    draw(st.randoms(use_true_random=False)).shuffle(made)
    return tuple(made)


def here(waiting: tuple[Waiting, ...] = (), **over: object) -> Here:
    usual = {"cursor": 7, "epoch": "e1", "packs_held": PACKS, "packs_offered": PACKS}
    return Here(waiting=waiting, **{**usual, **over})  # type: ignore[arg-type]


def batches(waiting: tuple[Waiting, ...], at_once: int | None = None) -> list[tuple[str, ...]]:
    tried: frozenset[str] = frozenset()
    found = []
    while batch := next_batch(waiting, tried, at_once):
        found.append(batch)
        tried |= frozenset(batch)
    return found


@given(outboxes(), st.sampled_from([None, 1, 3]))
def test_everything_is_sent_exactly_once_within_the_limits(
    waiting: tuple[Waiting, ...], at_once: int | None
) -> None:
    sizes = {each.id: each.size for each in waiting}
    sent = batches(waiting, at_once)
    assert sorted(id_ for batch in sent for id_ in batch) == sorted(sizes)
    for batch in sent:
        assert len(batch) <= MOST_ITEMS
        assert sum(sizes[id_] for id_ in batch) <= MOST_BYTES


@given(outboxes())
def test_a_parcel_is_whole_and_its_visit_is_first(waiting: tuple[Waiting, ...]) -> None:
    of = {each.id: each for each in waiting}
    parcels: dict[str, list[Waiting]] = {}
    for each in waiting:
        parcels.setdefault(each.parcel, []).append(each)
    sent = batches(waiting)
    for parcel, members in parcels.items():
        if len(members) > MOST_ITEMS or sum(each.size for each in members) > MOST_BYTES:
            continue
        holding = [batch for batch in sent if any(of[id_].parcel == parcel for id_ in batch)]
        assert len(holding) == 1
        order = [id_ for id_ in holding[0] if of[id_].parcel == parcel]
        assert order[0] == parcel
        assert order[1:] == [each.id for each in members if each.id != parcel]


@given(outboxes())
def test_urgent_parcels_go_before_the_rest(waiting: tuple[Waiting, ...]) -> None:
    urgent = {each.id: each.urgent for each in waiting}
    order = [urgent[id_] for batch in batches(waiting) for id_ in batch]
    assert [value for value, _ in groupby(order)] in ([], [True], [False], [True, False])


def test_what_the_office_stumbled_over_goes_last() -> None:
    waiting = (Waiting("a", "a", True, 10, setbacks=1), Waiting("b", "b", False, 10))
    assert batches(waiting, 1) == [("b",), ("a",)]


@given(outboxes(), st.booleans(), st.booleans(), st.booleans())
def test_a_round_ends_and_takes_its_steps_in_order(
    waiting: tuple[Waiting, ...], restored: bool, other_packs: bool, more: bool
) -> None:
    state = here(
        waiting,
        epoch="e0" if restored else "e1",
        packs_offered={"rules": "england/2"} if other_packs else PACKS,
    )
    there, steps, pages = There(), [], 3 if more else 1
    while True:
        step = next_step(state, there)
        steps.append(type(step))
        match step:
            case Ask():
                there = There(epoch="e1")
            case StartOver(epoch):
                state = here(waiting, epoch=epoch, cursor=0, packs_offered=state.packs_offered)
            case Send(ids):
                there = There(epoch="e1", tried=there.tried | frozenset(ids))
            case Pull():
                pages -= 1
                there = There(epoch="e1", tried=there.tried, pulled=pages == 0)
            case FetchPacks():
                there = There(epoch="e1", tried=there.tried, pulled=True, packs_fetched=True)
            case Done():
                break
    order = [Ask, StartOver, Send, Pull, FetchPacks, Done]
    kinds = [kind for kind, _ in groupby(steps)]
    assert kinds == [kind for kind in order if kind in kinds]
    assert (StartOver in kinds) == restored
    assert (FetchPacks in kinds) == other_packs
    assert steps.count(Pull) == (3 if more else 1)


@given(
    st.fixed_dictionaries(
        {},
        optional={
            "id": st.sampled_from(["v1", "v2", "", None, 3]),
            "state": st.sampled_from(["stored", "already", "kept", "conflict", "fine", None, 1]),
            "sha256": st.sampled_from(["aa", "AA", "ab", "", None]),
            "received_at": st.sampled_from(
                ["2026-11-20T10:30:00+00:00", "2026-11-20T10:30:00", "soon", None]
            ),
            "problem": st.sampled_from([None, "x", {"code": "c", "message": "m"}, {}]),
        },
    )
)
def test_only_our_id_our_hash_and_a_moment_make_an_item_safe(receipt: dict[str, object]) -> None:
    said = verdict(receipt, {"v1": "aa"})
    proven = (
        receipt.get("id") == "v1"
        and receipt.get("state") in ("stored", "already")
        and receipt.get("sha256") == "aa"
        and receipt.get("received_at") == "2026-11-20T10:30:00+00:00"
    )
    assert (said is not None and said.state == "safe") == proven
    if said is not None and said.state != "safe":
        assert said.reason
        assert said.state == receipt["state"]


@given(st.integers(1, 10_000), st.floats(0, 1), st.sampled_from([0.0, 30.0, 3600.0]))
def test_waits_grow_are_spread_and_honour_what_is_asked(
    failures: int, chance: float, asked: float
) -> None:
    wait = wait_after(failures, chance, asked)
    assert asked <= wait <= max(900.0, asked)
    assert wait_after(failures, 0) >= 2.5
    assert wait_after(failures + 1, chance) >= wait_after(failures, chance)
    assert 1.0 <= look_again_after(failures, chance) <= 15.0
