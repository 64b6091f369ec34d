"""The form that records a decision: what it offers, what is wrong with it, what it records."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

SHORTEST = 20
SHORTEST_AGAINST = 10
LONGEST = 4000
OUTCOMES = {
    "as_required": "Do what the rule requires",
    "otherwise": "Do something else instead",
    "no_action": "No further action is needed",
}
# Where something stands against a request to close or step down (R17).
CLOSURE_OUTCOMES = {
    "refuse": "Refuse it: the case or plan stays as it is",
    "sign": "Sign it off, with a reason for each thing that stands against it",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A decision being written. `against`: a reason for each blocker, in their order."""

    outcome: str = ""
    reason: str = ""
    against: tuple[str, ...] = ()

    @classmethod
    def from_form(cls, form: Mapping[str, str], blockers: Sequence[str]) -> Draft:
        """The draft that a form holds."""
        against = tuple(form.get(f"against_{n}", "").strip() for n in range(len(blockers)))
        return cls(
            outcome=form.get("outcome", ""), reason=form.get("reason", "").strip(), against=against
        )


def outcome_words(code: str) -> str:
    """The words for what was chosen."""
    return (OUTCOMES | CLOSURE_OUTCOMES).get(code, "")


def outcomes(blockers: Sequence[str]) -> dict[str, str]:
    """What may be decided."""
    return CLOSURE_OUTCOMES if blockers else OUTCOMES


def errors_of(draft: Draft, blockers: Sequence[str]) -> dict[str, str]:
    """What is to be put right, by field."""
    wrong = {}
    if draft.outcome not in outcomes(blockers):
        wrong["outcome"] = "Choose what you decide"
    if draft.outcome == "sign":
        wrong |= {
            f"against_{n}": f"Say why this may stand: {blocker}"
            for n, (blocker, said) in enumerate(zip(blockers, draft.against, strict=True))
            if len(said) < SHORTEST_AGAINST
        }
    if not draft.reason:
        wrong["reason"] = "Write the reason for your decision"
    elif len(draft.reason) < SHORTEST:
        wrong["reason"] = f"Say more about the reason: at least {SHORTEST} characters"
    elif len(draft.reason) > LONGEST:
        wrong["reason"] = f"Shorten the reason to {LONGEST:,} characters or fewer"
    return wrong


def reason_of(draft: Draft, blockers: Sequence[str]) -> str:
    """The decision as it is recorded: what is decided, then why, then why each thing may stand."""
    decided = outcomes(blockers)[draft.outcome]
    lines = [f"{decided}. {draft.reason}"]
    if draft.outcome == "sign":
        lines += [
            f"{blocker}: {said}" for blocker, said in zip(blockers, draft.against, strict=True)
        ]
    return "\n".join(lines)
