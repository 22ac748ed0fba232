"""An agreement is entered whole, and afterwards only amended."""

from datetime import date, timedelta
from typing import Any

import pytest

from nhipcau.agreements import errors, services
from nhipcau.agreements.models import Agreement, Clause
from nhipcau.agreements.services import ClauseDraft, OfficialDraft, PartyDraft, SignatoryDraft
from nhipcau.core.uploads import Upload
from nhipcau.plans.models import Plan
from tests import makers

pytestmark = pytest.mark.django_db
DAY = makers.SIGNED


def drafts(**more: Any) -> dict[str, Any]:
    """What is needed to enter an agreement."""
    area = makers._term(makers.Area, "press", "Báo chí")
    return {
        "title": "Bản ghi nhớ",
        "title_en": "Memorandum",
        "signed_on": DAY,
        "parties": [
            PartyDraft(
                makers.make_organisation("hmc"),
                [SignatoryDraft(makers.make_person("An"), "Phó Giám đốc", "Deputy Director", for_director=True)],
            ),
            PartyDraft(makers.make_organisation("fsc")),
        ],
        "officials": [
            OfficialDraft(makers.make_person("Ưng"), "Giám đốc Sở"),
            OfficialDraft(makers.make_person("Anh"), "Phó Giám đốc Sở"),
        ],
        "clauses": [
            ClauseDraft(area, "Họp báo", "Cùng tổ chức họp báo."),
            ClauseDraft(area, "Đưa tin", "Cùng đưa tin."),
        ],
        "by": None,
        "at": makers.NOW,
        **more,
    }


def test_sign_agreement_keeps_the_order_of_the_signed_text_and_of_protocol() -> None:
    agreement = services.sign_agreement(**drafts())
    assert [party.organisation.short for party in agreement.parties.all()] == ["HMC", "FSC"]
    signatory = agreement.parties.all()[0].signatories.get()
    assert (str(signatory.person), signatory.position, signatory.for_director) == ("An", "Phó Giám đốc", True)
    assert [str(official.person) for official in agreement.officials.all()] == ["Ưng", "Anh"]
    assert [(clause.order, clause.version, clause.name) for clause in agreement.clauses.all()] == [
        (1, 1, "Họp báo"),
        (2, 1, "Đưa tin"),
    ]
    assert (agreement.stale_english(), signatory.stale_english()) == ([], [])


def test_sign_agreement_keeps_the_signed_file() -> None:
    agreement = services.sign_agreement(
        **drafts(signed_file=Upload("ban-ky.pdf", "application/pdf", b"%PDF-1.7\n%%EOF", 14, "0" * 64))
    )
    with Agreement.objects.get(pk=agreement.pk).signed_file.open() as kept:
        assert kept.read() == b"%PDF-1.7\n%%EOF"


@pytest.mark.parametrize(
    ("wrong", "refusal"),
    [
        ({"parties": []}, errors.TooFewParties),
        ({"clauses": []}, errors.NothingPromised),
        ({"signed_on": date(2027, 1, 1)}, errors.DaysReversed),
        ({"valid_until": DAY - timedelta(days=1)}, errors.DaysReversed),
    ],
)
def test_sign_agreement_refuses_what_is_no_agreement(wrong: dict[str, Any], refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        services.sign_agreement(**drafts(**wrong))
    assert not Agreement.objects.exists()


def test_sign_agreement_refuses_the_same_party_twice() -> None:
    party = PartyDraft(makers.make_organisation("hmc"))
    with pytest.raises(errors.TooFewParties):
        services.sign_agreement(**drafts(parties=[party, party]))


def _amended(clause: Clause, **more: Any) -> Clause:
    amendment = services.record_amendment(
        agreement=clause.agreement, signed_on=date(2026, 1, 5), summary="Sửa nội dung", by=None, at=makers.NOW
    )
    return services.amend_clause(
        clause=clause, amendment=amendment, name="Họp báo", wording="Mỗi quý một cuộc.", by=None, at=makers.NOW, **more
    )


def test_amend_clause_adds_a_version_and_leaves_the_old_one_readable(agreement: Agreement) -> None:
    old = agreement.clauses.in_force()[0]
    wording = old.wording
    new = _amended(old)
    old.refresh_from_db()
    assert (new.order, new.version, old.superseded_by, old.wording) == (old.order, 2, new, wording)
    assert new in agreement.clauses.in_force()
    assert old not in agreement.clauses.in_force()


def test_amend_clause_refuses_a_second_successor(agreement: Agreement) -> None:
    old = agreement.clauses.in_force()[0]
    _amended(Clause.objects.get(pk=old.pk))
    with pytest.raises(errors.ClauseReplaced):
        _amended(old)


def test_amend_clause_refuses_an_annex_of_another_agreement(agreement: Agreement) -> None:
    other = services.sign_agreement(**drafts())
    amendment = services.record_amendment(agreement=other, signed_on=DAY, summary="Khác", by=None, at=makers.NOW)
    with pytest.raises(errors.NotTheAgreement):
        services.amend_clause(
            clause=agreement.clauses.all()[0], amendment=amendment, name="x", wording="y", by=None, at=makers.NOW
        )


def test_amend_clause_carries_objectives_of_open_plans_over(agreement: Agreement) -> None:
    clause = agreement.clauses.in_force()[0]
    open_one = makers.make_objective(makers.make_plan(agreement), clauses=[clause])
    closed = makers.make_objective(makers.make_plan(agreement, year=2025, state=Plan.State.CLOSED), clauses=[clause])
    new = _amended(clause)
    assert set(open_one.clauses.all()) == {clause, new}
    assert set(closed.clauses.all()) == {clause}


@pytest.mark.parametrize("day", [DAY - timedelta(days=1), date(2026, 11, 24)])
def test_record_amendment_refuses_days_before_the_agreement_and_to_come(agreement: Agreement, day: date) -> None:
    with pytest.raises(errors.DaysReversed):
        services.record_amendment(agreement=agreement, signed_on=day, summary="x", by=None, at=makers.NOW)
