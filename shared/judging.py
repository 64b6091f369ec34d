"""What one event sets off: each rule of a pack, looked at with all that had happened by then."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from shared.clocks import Holidays
from shared.escalation import Evidence, RequiredAction
from shared.history import Entry, History, Observation
from shared.looking import Look, Proof, Standing
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
    subject: str | None = None


def judge(
    history: History, entry: Entry, case: Standing, pack: Pack, holidays: Holidays
) -> list[Finding]:
    """Every rule that the event meets, in the pack's order."""
    findings: list[Finding] = []
    met: dict[str, bool] = {}
    claimed: set[int] = set()
    for rule in pack.rules:
        if not rule.is_on(entry.event):
            continue
        found = list(_met(rule, history, entry, case, holidays, met, claimed))
        met[rule.id] = bool(found)
        for finding, proofs in found:
            findings.append(finding)
            claimed.update(id(proof) for proof in proofs)
    return findings


def _met(
    rule: Rule,
    history: History,
    entry: Entry,
    case: Standing,
    holidays: Holidays,
    met: dict[str, bool],
    claimed: set[int],
) -> Iterator[tuple[Finding, Sequence[Proof]]]:
    children = history.household.children if rule.scope == "child" else (None,)
    for child in children:
        look = Look(history, entry, case, child, met, claimed)
        answer = rule.when(look)
        if answer is False or answer is None:
            continue
        for about, proofs in _split(rule, look, answer):
            yield _finding(rule, look, about, proofs, holidays), proofs


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
            yield (child,), [p for p in proofs if isinstance(p, Observation) and p.about == child]
    else:
        yield look.children or about or everyone(look.history, look.entry), proofs


def about_children(history: History, proofs: Sequence[Proof]) -> tuple[str, ...]:
    """The children all the evidence is about; none where any of it is about more than a child."""
    known = {child.id for child in history.household.children}
    about = [proof.about if isinstance(proof, Observation) else None for proof in proofs]
    if not about or any(child not in known for child in about):
        return ()
    return tuple(dict.fromkeys(child for child in about if child))


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
    return Finding(
        rule=rule,
        children=children,
        raised_at=look.entry.event.at,
        evidence=[evidence_from(proof) for proof in proofs],
        actions=required(rule, look, look.entry.event.at, holidays),
        blockers=look.blockers,
    )


def required(rule: Rule, look: Look, start: datetime, holidays: Holidays) -> list[RequiredAction]:
    """The actions a rule requires from `start`, each with its due time."""
    event = look.entry.event
    found = []
    for action in rule.actions:
        due_at = action.due_at(look, start, holidays)
        if due_at is not None:
            found.append(
                RequiredAction(
                    code=action.code,
                    who=action.who,
                    due_at=due_at,
                    required_by=event.id,
                    required_at=start,
                    known_at=event.received_at,
                    done_by_deciding=action.done_by_deciding,
                )
            )
    return found


def evidence_from(proof: Proof, action: str | None = None) -> Evidence:
    """Proof as it is kept: an answer with who, when and on what basis; or an event."""
    event = proof.event
    if isinstance(proof, Observation):
        return Evidence(
            event=event.id,
            at=event.at,
            by=event.by,
            agency=event.agency,
            item=proof.item,
            answer=proof.answer.value,
            about=proof.about,
            level=proof.level,
            basis=proof.basis,
            note=proof.answer.note,
            action=action,
        )
    return Evidence(event=event.id, at=event.at, by=event.by, agency=event.agency, action=action)
