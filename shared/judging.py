"""What one event sets off: each rule of a pack, looked at with all that had happened by then."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
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


_THE_FAMILY = (None,)


def judge(
    history: History, entry: Entry, case: Standing, pack: Pack, holidays: Holidays
) -> list[Finding]:
    """Every rule that the event meets, in the pack's order."""
    findings: list[Finding] = []
    awake, seen = pack.waking.look(entry)
    look = Look(history, entry, case, seen=seen)
    for rule, bit in awake:
        met = False
        one_by_one = rule.scope == "child"
        for child in _children_to_look_at(look, pack, bit) if one_by_one else _THE_FAMILY:
            look.begin(child)
            answer = rule.when(look)
            if answer is False or answer is None:
                continue
            # Where a condition asks for no answer, the event itself is what met it.
            for about, proofs in _split(rule, look, answer or [entry]):
                findings.append(_finding(rule, look, about, proofs, holidays))
                look.claimed.update(map(id, proofs))
                met = True
        look.met[rule.id] = met
    return findings


def _children_to_look_at(look: Look, pack: Pack, bit: int) -> Sequence[Child]:
    """For a rule about one child, those that an answer which woke it may be about."""
    children = look.history.household.children
    if not bit:
        return children
    wakes = pack.waking.wakes
    woke = {seen.answer.about for seen in look.seen if wakes(seen, bit)}
    named = {child_of(look.history.child_ids, about) for about in woke}
    return children if None in named else [child for child in children if child.id in named]


def _split(
    rule: Rule, look: Look, proofs: list[Proof]
) -> Iterable[tuple[tuple[str, ...], list[Proof]]]:
    """One finding for the family; or, where all the evidence is about children, one for each."""
    if look.child is not None:
        return (((look.child.id,), proofs),)
    if look.children and rule.scope == "household":
        return ((look.children, proofs),)
    about = _children_about(look.history.child_ids, proofs)
    if rule.scope == "children" and len(about) > 1:
        return [((child,), mine) for child, mine in about.items()]
    whom = tuple(about) if rule.scope == "children" and about else ()
    return ((whom or look.children or tuple(about) or everyone(look.history, look.entry), proofs),)


def _children_about(ids: frozenset[str], proofs: list[Proof]) -> dict[str, list[Proof]]:
    """The evidence by child; of nobody in particular where any of it is about more than a child."""
    found: dict[str, list[Proof]] = {}
    for proof in proofs:
        child = proof.answer.about if isinstance(proof, Observation) else _child(ids, proof)
        if child is not None and child not in ids:
            child = child_of(ids, child)
        if child is None:
            return {}
        mine = found.get(child)
        if mine is None:
            found[child] = [proof]
        else:
            mine.append(proof)
    return found


def _child(ids: frozenset[str], proof: Proof) -> str | None:
    """The child that a piece of evidence is about: an answer, a missing one, or a decision."""
    if isinstance(proof, Observation):
        return child_of(ids, proof.answer.about)
    if isinstance(proof, Blank):
        return child_of(ids, proof.about)
    return child_of(ids, proof.event.about) if isinstance(proof.event, Decision) else None


def everyone(history: History, entry: Entry) -> tuple[str, ...]:
    """Every child of the household by then, unborn ones too."""
    day, children = entry.day, history.household.children
    born = {child.id for child in children if child.born and child.born.toordinal() <= day}
    if len(born) < len(children):
        born.update(child.id for child in history.unborn(entry.event.at))
    return tuple(child.id for child in children if child.id in born)


def _finding(
    rule: Rule, look: Look, children: tuple[str, ...], proofs: list[Proof], holidays: Holidays
) -> Finding:
    look.proof = proofs
    return Finding(
        rule=rule,
        children=children,
        raised_at=look.entry.event.at,
        evidence=[proof.kept or evidence_from(proof) for proof in proofs],
        actions=required(rule, look, look.entry.event.at, holidays) if rule.actions else [],
        blockers=look.blockers,
        runs=_runs(look, proofs) if look.runs else (),
    )


def _runs(look: Look, proofs: Sequence[Proof]) -> tuple[str, ...]:
    """The counts and runs that any of this proof is part of, in words."""
    ids: set[int] = set()
    met = []
    for words, proof in look.runs:
        if proof is not proofs:
            ids = ids or set(map(id, proofs))
            if ids.isdisjoint(map(id, proof)):
                continue
        met.append(words)
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
