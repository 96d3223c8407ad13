"""Each check of one record, once: the author's form says what it finds, and an expectation counts it.

A rule gives None when the record is in order, else one sentence on what is wrong. It reads figures and codes, never prose.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence

from kb.appraisal.certainty import certainty, starting_levels
from kb.appraisal.effects import contrasts, significant
from kb.model import Assessment, Caution, Finding, Outcome
from kb.model.printed import Since, time
from kb.model.terms import Act, ArmRole, Certainty, Design, Direction, Measure, Relation, Severity

_FORBIDS = {Severity.CONTRAINDICATED: {Act.DO_NOT, Act.POSTPONE}, Severity.AVOID: {Act.DO_NOT, Act.POSTPONE, Act.AVOID}}
_SMALL = 150
"""People in trials below which *low* or better needs an interval: fewer tell next to nothing without one."""
_FEW = 50
"""People below which not even an interval carries more than *very low*."""
_BENEFIT = {Relation.TREATS, Relation.COMPARED_WITH}
_COMPARISON = {ArmRole.ACTIVE, ArmRole.PLACEBO, ArmRole.UNTREATED}
_ROUNDING = 1.01
"""Percentage points by which a printed percentage may differ from events / n: some papers round to whole numbers."""


_ONE_STUDY = {
    Design.RCT,
    Design.CONTROLLED_TRIAL,
    Design.COHORT,
    Design.CASE_CONTROL,
    Design.CROSS_SECTIONAL,
    Design.CASE_SERIES,
    Design.CASE_REPORT,
    Design.PHARMACOKINETIC,
    Design.ANIMAL,
    Design.IN_VITRO,
}


def direction(finding: Finding, design: Design | None = None) -> str | None:
    """Does the stated direction fit the figures? Benefit and harm are asked, where figures decide it, and the design of its paper.

    - *supports* a benefit needs an interval that excludes no difference, or a p value below 0.05, when there are intervals;
    - *supports* a harm needs that, or the harm seen at all (a frequency, or events) in those treated;
    - *insufficient* does not go with intervals that all exclude no difference, unless a limitation or a doubt says why;
    - *refutes* a harm needs an interval that tells how large a rise is excluded, and does not go with intervals that
      exclude no difference on the side of more harm only;
    - *neither better* does not go with intervals that all exclude no difference, nor with placebo or nothing as the comparator;
    - *studies disagree* is for what tells of several studies: within one, it is outcomes that differ.
    """
    if finding.direction is Direction.STUDIES_DISAGREE and design in _ONE_STUDY:
        return "direction disagrees: it says that studies disagree, but its paper is one study"
    found = contrasts(finding)
    if finding.direction is Direction.NEITHER_BETTER and found and all(c.clear for c in found):
        return f"direction disagrees: it says that neither is better, but every interval excludes no difference ({found[0]})"
    if finding.direction is Direction.NEITHER_BETTER and finding.relation in _BENEFIT and _against_nothing(finding):
        return "direction disagrees: it says that neither is better, but one of the two is placebo or nothing"
    if finding.relation is Relation.CAUSES and finding.direction is Direction.REFUTES and not found:
        return "direction disagrees: it says refutes, but no interval tells how large a rise of the harm is excluded"
    if finding.relation not in {Relation.TREATS, Relation.CAUSES} or not found:
        return None
    clear = [c for c in found if c.clear]
    if finding.direction is Direction.SUPPORTS and not clear and not any(significant(o.p) for o in finding.outcomes):
        if finding.relation is Relation.CAUSES and _seen(finding):
            return None
        return f"direction disagrees: it says supports, but no interval excludes no difference ({found[0]})"
    reason = finding.limitations or finding.doubt
    if finding.direction is Direction.INSUFFICIENT and len(clear) == len(found) and not reason:
        return f"direction disagrees: it says insufficient, but every interval excludes no difference ({clear[0]})"
    if finding.direction is Direction.REFUTES and finding.relation is Relation.CAUSES:
        more = [c for c in clear if c.estimate > c.null]
        if more and len(more) == len(clear):
            return f"direction disagrees: it says refutes, but the harm was clearly more frequent ({more[0]})"
    return None


def _against_nothing(finding: Finding) -> bool:
    """Is a figure compared with placebo or with no treatment?"""
    return any(o.against is not None and o.against.inactive for o in finding.outcomes)


def _seen(finding: Finding) -> bool:
    """Did the harm occur in those treated?"""
    if finding.frequency is not None:
        return bool(finding.frequency.events or finding.frequency.percent or finding.frequency.stated_band)
    treated = (o for o in finding.outcomes if o.role in {None, ArmRole.INTERVENTION} and o.against is None)
    return any((o.events or 0) > 0 or (o.kind is Measure.PERCENT and (o.value or 0) > 0) for o in treated)


def arms_add_up(finding: Finding) -> str | None:
    """Split-face and crossover trials count people once in `n` and in every arm; any other surplus is a slip."""
    sizes = [arm.n for arm in finding.arms if arm.n is not None]
    if finding.n is None or not sizes or len(sizes) < len(finding.arms):
        return None
    total = sum(sizes)
    if total <= finding.n or (len(sizes) > 1 and total == finding.n * len(sizes)):
        return None
    return f"the arms hold {total} people, the study {finding.n}"


def times_agree(finding: Finding) -> str | None:
    """Follow-up reaches the last session and the last result, counted from the first session.

    A time `after the last session` is added to the weeks that the sessions take: the kind of slip that a second reader
    found most often was one interval too many, or a time counted from the wrong end.
    """
    follow_up = finding.follow_up_weeks
    if not follow_up:
        return None
    slack = max(2.2, 0.08 * follow_up)
    course = (finding.sessions - 1) * finding.interval_weeks if finding.sessions and finding.interval_weeks else None
    if course is not None and course > follow_up + slack:
        return f"the last session is at week {course:g}, the follow-up ends at week {follow_up:g}"
    from_start = [w for o in finding.outcomes for w in _weeks(o.at) if time(o.at or "").since is not Since.END]
    if from_start and max(from_start) > follow_up + slack:
        return f"a result at week {max(from_start):g}, the follow-up ends at week {follow_up:g}"
    after = [w for o in finding.outcomes for w in _weeks(o.at)[-1:] if re.search(r"after the (last|final)", o.at or "")]
    plain = [
        o for o in finding.outcomes if re.fullmatch(r"[\d.]+ (week|month)s? after the (last|final) \w+", o.at or "")
    ]
    if course is not None and after and plain and abs(course + max(after) - follow_up) > slack:
        return (
            f"sessions take {course:g} weeks and the last result is {max(after):g} after them, not {follow_up:g} in all"
        )
    return None


def _weeks(at: str | None) -> tuple[float, ...]:
    return time(at).points if at else ()


def big_enough(assessment: Assessment, trials: Sequence[Finding]) -> str | None:
    """*Low* or better needs 50 people, and on fewer than 150 at least one effect with an interval.

    Where the assessment takes a side, only trials that take it or are divided count: twenty-seven people against a sham
    are no more for sixty others in whom something else did better.
    """
    if assessment.direction in {Direction.SUPPORTS, Direction.REFUTES}:
        trials = [t for t in trials if t.direction is assessment.direction or t.direction.divided]
    if assessment.certainty is Certainty.VERY_LOW or not trials:
        return None
    people = sum(f.n or 0 for f in {f.reference: f for f in trials}.values())
    told = sum(f.n is not None for f in trials)
    if told == len(trials) and people < _FEW:
        return f"{assessment.certainty.value} on {people} people in all"
    if people >= _SMALL or any(contrasts(f) for f in trials):
        return None
    return f"{assessment.certainty.value} on {people} people without any interval"


def value_in_interval(outcome: Outcome) -> str | None:
    """An interval contains its estimate."""
    if outcome.interval is None or outcome.value is None:
        return None
    if outcome.interval.low <= outcome.value <= outcome.interval.high:
        return None
    return f"{outcome.value:g} lies outside its own interval"


def roles_told(finding: Finding) -> str | None:
    """Where a treatment is tried, a figure of the comparison alone is a slip, unless a note says that the source prints no other.

    The kind that a second reader found: the treated side coded as what it is compared with.
    """
    if finding.relation is not Relation.TREATS:
        return None
    by_measure: dict[str, list[Outcome]] = defaultdict(list)
    for outcome in finding.outcomes:
        if outcome.role is not None and outcome.against is None:
            by_measure[outcome.measure].append(outcome)
    for measure, told in by_measure.items():
        if all(o.role in _COMPARISON for o in told) and not any(o.note for o in told):
            return f"{measure!r} is given for {told[0].arm or 'the comparison'} alone, as {told[0].role}"
    return None


def percent_agrees(outcome: Outcome) -> str | None:
    """Events, denominator and printed percentage say the same, but for rounding."""
    if outcome.kind is not Measure.PERCENT or outcome.value is None or outcome.events is None or not outcome.n:
        return None
    share = 100 * outcome.events / outcome.n
    if abs(share - outcome.value) <= _ROUNDING:
        return None
    return f"{outcome.events} of {outcome.n} are {share:.1f} percent, not {outcome.value:g}"


def arm_known(finding: Finding, outcome: Outcome) -> str | None:
    """A figure is of an arm of its study, of several together, or of a contrast."""
    names = {arm.name for arm in finding.arms}
    if not names or outcome.arm is None or outcome.arm in names:
        return None
    if outcome.against is not None or outcome.role in {ArmRole.ALL, ArmRole.BEFORE}:
        return None
    return f"{outcome.arm!r} is not one of the arms {', '.join(sorted(names))}"


def certainty_follows(assessment: Assessment) -> str | None:
    """The certainty is the one the stated reasons give."""
    computed = certainty(assessment)
    if computed is assessment.certainty:
        return None
    return f"the stated reasons give {computed.value}, not {assessment.certainty.value}"


def starts(assessment: Assessment, designs: Iterable[Design]) -> str | None:
    """It starts at a level at which studies of these designs may start."""
    found = list(designs)
    levels = starting_levels(found)
    if not found or assessment.starts in levels:
        return None
    return f"these studies start at {' or '.join(level.value for level in levels)}"


def up_only_from_low(assessment: Assessment) -> str | None:
    """Only evidence that started low is rated up."""
    if not assessment.up or assessment.starts is Certainty.LOW:
        return None
    return f"it is rated up although it starts at {assessment.starts.value}"


def direction_held(assessment: Assessment, directions: Iterable[Direction]) -> str | None:
    """It says *supports* or *refutes* only when one of its findings does, or points neither way."""
    if assessment.direction not in {Direction.SUPPORTS, Direction.REFUTES}:
        return None
    if any(d is assessment.direction or d.divided for d in directions):
        return None
    return f"it says {assessment.direction.value}, but none of its findings does"


def act_fits(caution: Caution) -> str | None:
    """A contraindication forbids or postpones, *avoid* keeps away, *inform* forbids nothing."""
    if caution.act is None:
        return None
    allowed = _FORBIDS.get(caution.severity)
    if caution.severity is Severity.INFORM:
        allowed = set(Act) - {Act.DO_NOT, Act.POSTPONE, Act.AVOID}
    if allowed is None or caution.act in allowed:
        return None
    return f"severity {caution.severity.value} does not go with act {caution.act.value}"
