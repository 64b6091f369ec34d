"""The rules that one visit can meet, as a programmer would write them for this once: the peer.

It does the judge's work for R01 to R05, R07 to R16, R19 to R23 and R26 on visits that come in
order, of a family whose children are all born and which is on one plan or none. It says which
answers meet which rule; it knows no late or other events, no actions and no other pack.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping
from itertools import takewhile

from tests.bench.past_by_hand import IMMEDIATE, LOW, SIGNIFICANT, Key, Past, Reading, Seen

Found = list[Seen]
ByItem = Mapping[str, Found]
Findings = dict[str, set[Key]]

TOGETHER = ("HYG", "FED")
OF_CARE = ("CHD", "SLP", "FED", "HYG", "SAF", "HLT", "PAR")
HAZARD = {"smoke", "alc", "drug", "small", "clutter", "sofa"}
DRINK = {"PAR-01": {"smell", "affected", "charge"}, "PAR-02": {"reg", "dep"}}
NOT_SOBER = DRINK | {"SLP-11": {"in"}}


def judge(past: Past, now: Reading) -> Findings:
    """The rules that a visit meets, each with the event, item and person of each piece of proof."""
    findings: Findings = {}
    if now.worrying or now.failed:
        by_item: dict[str, Found] = defaultdict(list)
        for seen in now.worrying:
            by_item[seen.item].append(seen)
        for id, rule in RULES.items():
            found = rule(past, now, by_item)
            if found:
                findings[id] = {seen.key for seen in found}
        if "R03" in findings:
            findings.pop("R04", None)
    _add(findings, "R13", rising_total(past, now))
    _add(findings, "R23", could_not_check(past, now))
    claimed = set().union(*findings.values())
    _add(findings, "R26", {s.key for s in now.worrying if s.rank >= SIGNIFICANT} - claimed)
    return findings


def _add(findings: Findings, rule: str, keys: set[Key]) -> None:
    if keys:
        findings[rule] = findings[rule] | keys if rule in findings else keys


def _among(seen: Found, codes: Collection[str]) -> Found:
    """Of these answers those that chose any of the codes."""
    return [each for each in seen if not codes.isdisjoint(each.codes)] if seen else seen


def _of(seen: Found, child: str) -> Found:
    return [each for each in seen if each.about == child]


def _dates(seen: Found) -> int:
    return len({each.day for each in seen})


def immediate_danger(past: Past, now: Reading, by: ByItem) -> Found:
    return [seen for seen in now.worrying if seen.rank >= IMMEDIATE]


def injury(past: Past, now: Reading, by: ByItem) -> Found:
    found: Found = []
    for seen in by.get("HLT-01", ()):
        (code,) = seen.codes
        young = past.infant_under(6, now, seen.about)
        if code == "nonmob" or (code in ("worry", "grave", "minor") and young):
            found.append(seen)
        if code in ("worry", "grave"):
            moves = now.said.get(("HLT-02", seen.about)) or past.latest("HLT-02", seen.about)
            if moves and moves.codes[0] in ("nroll", "rolls", "dis"):
                found += [seen, moves]
    return found


def no_access(past: Past, now: Reading, by: ByItem) -> Found:
    plan = past.plan
    if plan is None or plan.no_access is None:
        return []
    counted, announced = set(plan.no_access.outcomes), "ann" in now.codes("ACC-02")
    found: Found = []
    for seen in by.get("ACC-01", ()):
        code = seen.codes[0]
        if code in counted or (announced and f"{code}_announced" in counted):
            found.append(seen)
            if announced and code == "out":
                found.append(now.said["ACC-02", None])
    hidden = _among(by.get("ACC-03", []), counted)
    return found + [seen for seen in hidden if seen.about in plan.children]


def failed_access(past: Past, now: Reading, by: ByItem) -> Found:
    return now.failed


def failed_twice(past: Past, now: Reading, by: ByItem) -> Found:
    if not now.failed:
        return []
    before = takewhile(lambda visit: visit.day >= now.day - 14, reversed(past.failed))
    visits = [*before, now]
    return [seen for visit in visits for seen in visit.failed] if len(visits) > 1 else []


def shared_sleep(past: Past, now: Reading, by: ByItem) -> Found:
    found: Found = []
    beds = [*by.get("SLP-07", ()), *by.get("SLP-01", ())]
    for child in {seen.about for seen in beds if past.infant_under(12, now, seen.about)}:
        with_her, slept = _of(by.get("SLP-07", []), child), _of(by.get("SLP-01", []), child)
        found += _among(with_her, HAZARD) + _among(slept, {"sofa"})
        shared = _among(with_her, {"plain"}) + _among(slept, {"adultbed"})
        if shared:
            drunk = [
                seen
                for seen in past.within(now, 14)
                if seen.item in NOT_SOBER and not NOT_SOBER[seen.item].isdisjoint(seen.codes)
            ]
            found += shared + drunk if drunk else []
    return found


def no_sleep_place(past: Past, now: Reading, by: ByItem) -> Found:
    return (
        _among(by.get("SLP-02", []), {"none", "fixed"})
        + _among(by.get("SLP-01", []), {"none"})
        + _among(by.get("SLP-04", []), {"gap", "softs", "slope"})
    )


def sleep_risk_goes_on(past: Past, now: Reading, by: ByItem) -> Found:
    found: Found = []
    for seen in now.worrying:
        if seen.item[:3] == "SLP" and _counts_as_sleep(seen):
            # What does not count as the concern is no sign that it is gone, either.
            told = (s for s in reversed(past.line(seen)) if s.rank < LOW or _counts_as_sleep(s))
            before = next(told, None)
            if before and _counts_as_sleep(before):
                found += [before, seen]
            if seen.net >= SIGNIFICANT:
                same = [
                    each
                    for each in past.within(now, 60)
                    if each.net >= SIGNIFICANT and each.key[1:] == seen.key[1:]
                ]
                found += same if _dates(same) >= 2 else []
    return found


def _counts_as_sleep(seen: Seen) -> bool:
    return seen.net >= (SIGNIFICANT if seen.item == "SLP-11" else LOW)


def drink_or_drugs(past: Past, now: Reading, by: ByItem) -> Found:
    found = _among(by.get("PAR-03", []), {"unclear", "nobody"})
    for item, codes in DRINK.items():
        found = found + _among(by.get(item, []), codes)
    return found if found and past.infant_under(12, now) else []


def three_dates(past: Past, now: Reading, by: ByItem) -> Found:
    kinds: dict[str, Found] = {_kind(item): [] for item in by if item[:3] in OF_CARE}
    if not kinds:
        return []
    for seen in past.within(now, 60):
        kind = _kind(seen.item)
        if kind in kinds:
            kinds[kind].append(seen)
    return [seen for same in kinds.values() if _dates(same) >= 3 for seen in same]


def _kind(item: str) -> str:
    return item[:3] if item[:3] in TOGETHER else item


def many_small_things(past: Past, now: Reading, by: ByItem) -> Found:
    found: Found = []
    mine = [seen for seen in now.worrying if seen.item[:3] != "ENG"]
    if mine:
        month = [seen for seen in past.within(now, 30) if seen.item[:3] != "ENG"]
        if len({seen.item[:3] for seen in month}) >= 4:
            found += month
    if any(seen.rank >= SIGNIFICANT for seen in mine):
        quarter = past.within(now, 90)
        grave = [s for s in quarter if s.rank >= SIGNIFICANT and s.item[:3] != "ENG"]
        if len({seen.item for seen in grave}) >= 3:
            found += grave
    return found


def getting_worse(past: Past, now: Reading, by: ByItem) -> Found:
    found: Found = []
    for seen in now.worrying:
        run = past.run(seen, 3)
        if len(run) == 3 and run[0].rank < run[1].rank < run[2].rank:
            found += run
    return found


def rising_total(past: Past, now: Reading) -> set[Key]:
    """The second half of R13: more significant things at each of three visits."""
    visits = [*past.completed[-2:], now]
    if not now.completed or len(visits) < 3:
        return set()
    grave = [[s for s in visit.worrying if s.rank >= SIGNIFICANT] for visit in visits]
    items = [len({seen.item for seen in each}) for each in grave]
    if not (_rises(items) or _rises([len(each) for each in grave])):
        return set()
    return {(now.visit.id, None, None), *(seen.key for each in grave for seen in each)}


def _rises(numbers: list[int]) -> bool:
    first, second, third = numbers
    return first < second < third


def two_agencies(past: Past, now: Reading, by: ByItem) -> Found:
    found = _among(by.get("ENG-04", []), {"two"})
    if any(_worries_another(seen) for seen in now.worrying):
        month = [seen for seen in past.within(now, 30) if _worries_another(seen)]
        if len({seen.agency for seen in month}) >= 2:
            found = found + month
    return found


def _worries_another(seen: Seen) -> bool:
    return seen.rank >= SIGNIFICANT or seen.item != "ENG-05"


def earlier_concern(past: Past, now: Reading, by: ByItem) -> Found:
    return _among(by.get("PAR-06", []), {"gap"})


def seen_not_to_be_better(past: Past, now: Reading, by: ByItem) -> Found:
    found = _among(by.get("ENG-01", []), {"contra"})
    if "unann" not in now.codes("ACC-02"):
        return found
    for seen in now.worrying:
        if seen.rank >= SIGNIFICANT:
            before = next((s for s in reversed(past.line(seen)) if s.announced), None)
            if before and before.day >= now.day - 60 and before.rank < seen.rank:
                found = [*found, before, seen]
    return found


def medical_question(past: Past, now: Reading, by: ByItem) -> Found:
    return _among(by.get("HLT-06", []), {"open"}) + _among(by.get("HLT-04", []), {"untreated"})


def not_brought(past: Past, now: Reading, by: ByItem) -> Found:
    return [
        seen
        for seen in by.get("HLT-05", ())
        if seen.codes == ("key",)
        or (
            seen.codes == ("2",)
            and (past.infant_under(24, now, seen.about) or past.on_plan(seen.about))
        )
    ]


def rough_care(past: Past, now: Reading, by: ByItem) -> Found:
    found = _among(by.get("CHD-03", []), {"rough", "violent"})
    for item, codes in (("CHD-02", {"cold", "hostile"}), ("CHD-01", {"flat", "distress"})):
        for seen in _among(by.get(item, []), codes):
            same = [s for s in past.within(now, 60) if s.key[1:] == seen.key[1:]]
            same = _among(same, codes)
            found = found + same if _dates(same) >= 2 else found
    return found


def left_alone(past: Past, now: Reading, by: ByItem) -> Found:
    left = by.get("SAF-03", [])
    found = _among(left, {"unfit", "alone"}) + _among(by.get("SAF-04", []), {"ext"})
    if _among(left, {"brief"}):
        window = past.within(now, 60)
        brief = _among([seen for seen in window if seen.item == "SAF-03"], {"brief"})
        found += brief if _dates(brief) >= 2 else []
    return found


def could_not_check(past: Past, now: Reading) -> set[Key]:
    """R23: a sleep place not seen, a core question twice left open, nobody asked of agencies."""
    event, found = now.visit.id, set[Key]()
    for child in past.family.children:
        place = now.said.get(("SLP-02", child.id))
        if place and place.codes[0] in ("told", "refused"):
            found.add(place.key)
    if now.gaps and past.completed:
        before = past.completed[-1]
        for item, about in now.gaps & before.gaps:
            found |= {(event, item, about), (before.visit.id, item, about)}
    if past.plan:
        named = {*now.codes("ENG-04")} - {"unk"}
        last = now.day if named else past.agencies_named_on or 0
        if now.day - max(last, past.plan_day) >= 30:
            found.add((event, "ENG-04", None))
    return found


RULES: dict[str, Callable[[Past, Reading, ByItem], Found]] = {
    "R01": immediate_danger,
    "R02": injury,
    "R03": no_access,
    "R04": failed_access,
    "R05": failed_twice,
    "R07": shared_sleep,
    "R08": no_sleep_place,
    "R09": sleep_risk_goes_on,
    "R10": drink_or_drugs,
    "R11": three_dates,
    "R12": many_small_things,
    "R13": getting_worse,
    "R14": two_agencies,
    "R15": earlier_concern,
    "R16": seen_not_to_be_better,
    "R19": medical_question,
    "R20": not_brought,
    "R21": rough_care,
    "R22": left_alone,
}
