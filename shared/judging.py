"""What one event sets off: each rule of a pack, looked at with all that had happened by then."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from shared.clocks import Holidays
from shared.entries import Entry, Observation
from shared.escalation import Evidence, RequiredAction
from shared.facts import Child, Decision
from shared.history import History
from shared.looking import Blank, Look, Proof, Standing, child_of
from shared.rules import Pack, Rule


@dataclass(slots=True)
class Finding:
    """A rule that an event, or the passing of time, meets: for whom, why, what it requires."""

    rule: Rule
    children: tuple[str, ...]
    raised_at: datetime
    evidence: list[Evidence]
    actions: list[RequiredAction]
    blockers: list[dict[str, Any]] = field(default_factory=list)
    runs: tuple[str, ...] = ()
    subject: str | None = None


def judge(
    history: History, entry: Entry, case: Standing, pack: Pack, holidays: Holidays
) -> list[Finding]:
    """Every rule that the event meets, in the pack's order."""
    findings: list[Finding] = []
    awake, seen = pack.waking.look(entry)
    look = Look(history, entry, case, seen=seen)
    for rule, bit in awake:
        met = False
        for child in _children_to_look_at(rule, look, pack, bit):
            look.begin(child)
            answer = rule.when(look)
            if answer is False or answer is None:
                continue
            for about, proofs in _split(rule, look, answer):
                findings.append(_finding(rule, look, about, proofs, holidays))
                look.claimed.update(id(proof) for proof in proofs)
                met = True
        look.met[rule.id] = met
    return findings


def _children_to_look_at(rule: Rule, look: Look, pack: Pack, bit: int) -> Sequence[Child | None]:
    """For a rule about one child, those that an answer which woke it may be about."""
    if rule.scope != "child":
        return (None,)
    children = look.history.household.children
    if not bit:
        return children
    wakes = pack.waking.wakes
    woke = {seen.answer.about for seen in look.entry.said.values() if wakes(seen, bit)}
    named = {child_of(look.history, about) for about in woke}
    return children if None in named else [child for child in children if child.id in named]


def _split(
    rule: Rule, look: Look, proofs: list[Proof]
) -> Iterator[tuple[tuple[str, ...], list[Proof]]]:
    """One finding for the family; or, where all the evidence is about children, one for each."""
    if look.child is not None:
        yield (look.child.id,), proofs
        return
    about = about_children(look.history, proofs)
    if rule.scope == "children" and about:
        for child in about:
            yield (child,), [p for p in proofs if _child(look.history, p) == child]
    else:
        yield look.children or about or everyone(look.history, look.entry), proofs


def about_children(history: History, proofs: Sequence[Proof]) -> tuple[str, ...]:
    """The children all the evidence is about; none where any of it is about more than a child."""
    about = [_child(history, proof) for proof in proofs]
    if not about or None in about:
        return ()
    return tuple(dict.fromkeys(child for child in about if child))


def _child(history: History, proof: Proof) -> str | None:
    """The child that a piece of evidence is about: an answer, a missing one, or a decision."""
    if isinstance(proof, Observation):
        return child_of(history, proof.answer.about)
    if isinstance(proof, Blank):
        return child_of(history, proof.about)
    return child_of(history, proof.event.about) if isinstance(proof.event, Decision) else None


def everyone(history: History, entry: Entry) -> tuple[str, ...]:
    """Every child of the household by then, unborn ones too."""
    at = entry.event.at
    unborn = {child.id for child in history.unborn(at)}
    day = entry.day
    return tuple(
        child.id
        for child in history.household.children
        if child.id in unborn or (child.born and child.born.toordinal() <= day)
    )


def _finding(
    rule: Rule, look: Look, children: tuple[str, ...], proofs: list[Proof], holidays: Holidays
) -> Finding:
    look.proof = proofs
    ids = {id(proof) for proof in proofs}
    runs = [words for words, proof in look.runs if any(id(each) in ids for each in proof)]
    return Finding(
        rule=rule,
        children=children,
        raised_at=look.entry.event.at,
        evidence=[evidence_from(proof) for proof in proofs],
        actions=required(rule, look, look.entry.event.at, holidays),
        blockers=look.blockers,
        runs=tuple(dict.fromkeys(runs)),
    )


def required(rule: Rule, look: Look, start: datetime, holidays: Holidays) -> list[RequiredAction]:
    """The actions a rule requires from `start`, each with its due time."""
    event = look.entry.event
    found = []
    for action in rule.actions:
        branch = action.branch(look)
        if branch is not None:
            found.append(
                RequiredAction(
                    code=action.code,
                    who=action.who,
                    due_at=action.due_at(branch, start, holidays),
                    required_by=event.id,
                    required_at=start,
                    known_at=event.received_at,
                    done_by_deciding=action.done_by_deciding,
                    before=branch.before,
                )
            )
    return found


def evidence_from(proof: Proof, action: str | None = None) -> Evidence:
    """Proof as it is kept: an answer with who, when and on what basis; or an event."""
    event = proof.event
    if isinstance(proof, Blank):
        return Evidence(
            event=event.id,
            at=event.at,
            by=event.by,
            agency=event.agency,
            item=proof.item,
            about=proof.about,
            level="U",
        )
    if isinstance(proof, Observation):
        answer, meaning = proof.answer, proof.meaning
        return Evidence(
            event=event.id,
            at=event.at,
            by=event.by,
            agency=event.agency,
            item=meaning.item,
            answer=answer.value,
            about=answer.about,
            level=meaning.level,
            basis=answer.basis,
            note=answer.note,
            action=action,
        )
    return Evidence(event=event.id, at=event.at, by=event.by, agency=event.agency, action=action)
