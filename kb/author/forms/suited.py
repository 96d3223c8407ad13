"""Which form suits which kind of record."""

from __future__ import annotations

from collections.abc import Callable

from kb.author.forms.grade import AppraisalForm
from kb.author.forms.record import RecordForm
from kb.author.forms.study import StudyForm
from kb.author.session import Session


def form_of(session: Session, saved: Callable[[], None]) -> RecordForm:
    """The form that suits the kind of record."""
    forms: dict[str, type[RecordForm]] = {"finding": StudyForm, "assessment": AppraisalForm}
    return forms.get(session.target.kind, RecordForm)(session, saved)
