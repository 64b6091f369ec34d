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
            # Where a condition asks for no answer, the event itself is what met it.
            for about, proofs in _split(rule, look, answer or [entry]):
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
    named = {child_of(look.history.child_ids, about) for about in woke}
    return children if None in named else [child for child in children if child.id in named]


def _split(
    rule: Rule, look: Look, proofs: list[Proof]
) -> Iterator[tuple[tuple[str, ...], list[Proof]]]:
    """One finding for the family; or, where all the evidence is about children, one for each."""
    if look.child is not None:
        yield (look.child.id,), proofs
        return
    if look.children and rule.scope == "household":
        yield look.children, proofs
        return
    ids = look.history.child_ids
    children = [_child(ids, proof) for proof in proofs]
    # Nobody in particular where any of it is about more than a child.
    whole = not children or None in children
    about = () if whole else tuple(dict.fromkeys(child for child in children if child))
    if rule.scope == "children" and about:
        for child in about:
            mine = [p for p, whose in zip(proofs, children, strict=True) if whose == child]
            yield (child,), mine
    else:
        yield look.children or about or everyone(look.history, look.entry), proofs


def _child(ids: frozenset[str], proof: Proof) -> str | None:
    """The child that a piece of evidence is about: an answer, a missing one, or a decision."""
    if isinstance(proof, Observation):
        return child_of(ids, proof.answer.about)
    if isinstance(proof, Blank):
        return child_of(ids, proof.about)
    return child_of(ids, proof.event.about) if isinstance(proof.event, Decision) else None


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
    return Finding(
        rule=rule,
        children=children,
        raised_at=look.entry.event.at,
        evidence=[evidence_from(proof) for proof in proofs],
        actions=required(rule, look, look.entry.event.at, holidays),
        blockers=look.blockers,
        runs=_runs(look, proofs) if look.runs else (),
    )


def _runs(look: Look, proofs: Sequence[Proof]) -> tuple[str, ...]:
    """The counts and runs that any of this proof is part of, in words."""
    ids = {id(proof) for proof in proofs}
    met = [words for words, proof in look.runs if not ids.isdisjoint(map(id, proof))]
    return tuple(dict.fromkeys(met))


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
        if proof.kept is None:
            proof.kept = _answer_as_evidence(proof)
        kept: Evidence = proof.kept
        return kept
    return Evidence(event=event.id, at=event.at, by=event.by, agency=event.agency, action=action)


def _answer_as_evidence(seen: Observation) -> Evidence:
    event, answer, meaning = seen.event, seen.answer, seen.meaning
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
    )
