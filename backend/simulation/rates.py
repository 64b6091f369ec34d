"""How often things happen in quiet families. All of it is ASSUMED: nobody has counted them.

They are proposals, to be replaced by a partnership's own counts where it has them, and not to be
chosen for what the rules then do.
"""

from __future__ import annotations

from typing import NamedTuple

# Of families.
CARE = {"universal": 0.6, "targeted": 0.34, "plan": 0.06}  # plan: a child in need plan, in time
PLAN_HAS_ENDED = 0.6  # of those plans
CLOSES = 0.3  # of families with extra visits: the case is asked to be closed at their end
SIBLINGS = {0: 0.42, 1: 0.36, 2: 0.16, 3: 0.06}
TWINS = 0.015
ONE_PARENT = 0.2
GRANDMOTHER = 0.1
FED_BY_BOTTLE: dict[bool | None, float] = {True: 0.5, False: 0.3, None: 0.2}  # None: not recorded
BORN_EARLY = 0.07
KNOWN_BEFORE_BIRTH = 0.75
BIRTH_NOTIFIED = 0.8  # by an event of its own
ASSESSED_BEFORE_BIRTH = 0.5  # of the pregnancies that a visit is told of
ONLY_BREASTFED = 0.4  # of those whose feeding is not recorded
STILL_UNBORN = 0.03
PREGNANT_AGAIN = 0.08
CONTACT_HELD = 0.92  # of the five that every family is offered
HISTORY_ENDS_AT_DAYS = {120: 0.15, 400: 0.3, 930: 0.55}  # the child's age

# What stays the same in a family, visit after visit.
SMOKES_OUTSIDE = 0.12
NIGHTS_ONLY = 0.25  # the baby sleeps in the parents' room at night, elsewhere by day
DRINKS_NOW_AND_THEN = 0.25  # of adults; never when in charge
SHARES_A_BED = 0.1  # without any hazard, as a habit
CAT_AT_HOME = 0.08
SWADDLES = 0.12
BEHIND_AND_FOLLOWED = 0.04
LOW_WITH_SUPPORT = 0.12  # of mothers, for some weeks or months
PAST_ABUSE = 0.05  # long over, and safe now
NO_THERMOMETER = 0.25

# Of visits.
MOVED = 0.03  # the family asks for another day; the visit is made up for within three days
CUT_SHORT = 0.01
UNANNOUNCED = 0.1
BABY_HELD, BABY_AWAKE = 0.85, 0.09  # else asleep
AT_NURSERY_OR_SCHOOL = 0.3  # of siblings of three and more
WITH_RELATIVES = 0.02  # of younger siblings: nobody of any service confirms it, nobody worries
RECEIVED_HOURS_LATER = 0.25
RECEIVED_DAYS_LATER = 0.03

# Of answers.
ALSO_ASKED = 0.15  # what is not core, on a visit that is not for the whole checklist
COULD_NOT_CHECK = 0.01
LEFT_BLANK = 0.004
AGENCIES_NOT_ASKED = 0.15
TOLD_NOT_SEEN = 0.05
HOT_DAY = 0.05  # from June to August: 24 degrees or more where the baby sleeps
MILD_WORRY = 0.02  # one L at the end of a visit that had nothing else in it

# Of families, in the whole of their history: another agency tells of one small thing.
OTHER_AGENCY_TELLS = 0.12


class OneOff(NamedTuple):
    """A small thing, its rate each time it is asked about, and the child's age in days."""

    item: str
    answer: str
    rate: float
    note: str
    from_day: int = 0
    to_day: int = 9999


# Each a single low answer, gone by the next visit.
ONE_OFFS = (
    OneOff("HYG-02", "mess", 0.05, "Washing and toys about; the floor is clear where they play."),
    OneOff("HYG-03", "some", 0.02, "A little mould on the bathroom ceiling; landlord told."),
    OneOff("HYG-01", "grub", 0.03, "Mild nappy rash, cream in use."),
    OneOff("HYG-04", "few", 0.01, "Short of vests in the next size; the baby bank has some."),
    OneOff("SLP-05", "stain", 0.03, "An old stain; dry, clean sheet on."),
    OneOff("SLP-06", "toy", 0.06, "One soft toy in the cot; taken out."),
    OneOff("SLP-06", "loose", 0.04, "Blanket not tucked in; shown."),
    OneOff("SLP-07", "plain", 0.04, "Once, in the parents' bed; no smoke, no drink."),
    OneOff("SLP-07", "tired", 0.02, "Fed lying down at five, very tired; talked through."),
    OneOff("SLP-01", "adultbed", 0.03, "Brought into bed at five in the morning."),
    OneOff("SLP-02", "one", 0.05, "Night cot seen; day basket was in the car."),
    OneOff("SLP-04", "cover", 0.04, "Good mattress, no waterproof cover."),
    OneOff("SLP-10", "hat", 0.05, "Hat on indoors; taken off."),
    OneOff("SLP-12", "vague", 0.06, "Had not thought about it; talked through."),
    OneOff("FED-01", "part", 0.04, "Clean; not every bottle sterilised."),
    OneOff("FED-02", "help", 0.05, "Unsure of the scoops; shown."),
    OneOff("FED-03", "low", 0.01, "Running short until Friday; voucher given."),
    OneOff("FED-04", "late", 0.04, "Weighing a week overdue; clinic booked."),
    OneOff("SAF-01", "lim", 0.02, "On emergency credit until tomorrow."),
    OneOff("SAF-02", "alarm", 0.02, "Battery gone in the smoke alarm; fire service told."),
    OneOff("SAF-02", "hot", 0.04, "No stair gate yet; ordered."),
    OneOff("SAF-03", "brief", 0.006, "In the bath, while she fetched a towel; took advice."),
    OneOff("SAF-04", "long", 0.01, "Long spells in the bouncer this week; talked through."),
    OneOff("CHD-02", "patchy", 0.01, "Slow to respond today; up all night."),
    OneOff("CHD-03", "clumsy", 0.02, "Hurried at the change; took advice."),
    OneOff("HLT-01", "minor", 0.08, "Bruise on the shin; walked into the table.", 390),
    OneOff("HLT-04", "delay", 0.03, "A cold for two days; will ring the surgery."),
    OneOff("HLT-05", "1", 0.05, "One clinic missed; booked again."),
    OneOff("HLT-06", "wait", 0.03, "Hip scan booked; letter seen."),
    OneOff("PAR-03", "unclear", 0.003, "Laughed and did not say; both were well."),
    OneOff("PAR-04", "strain", 0.03, "Very tired this week; sister is helping."),
    OneOff("ACC-04", "putoff", 0.02, "Upstairs not shown: someone was asleep."),
    OneOff("ACC-05", "new", 0.02, "An aunt staying for the week; gave her name."),
    OneOff("ENG-03", "guard", 0.01, "Short with me today; said why."),
)
