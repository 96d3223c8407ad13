"""What counts as speaking of a thing of the base, and what does not."""

import pytest

from kb.knowledge import KnowledgeBase
from kb.screen.mentions import Mentions, Reader
from kb.screen.ways import Way


@pytest.fixture(scope="module")
def reader(base: KnowledgeBase) -> Reader:
    return Reader.of(base)


def test_title_keywords_abstract(reader: Reader) -> None:
    found = reader.mentions("Dutasteride injected", ["Melasma"], "Hair loss and bruises; bruising.")
    assert found is not None
    assert found.subjects == {"dutasteride": "title"}
    assert found.objects["melasma"] == "keywords"
    assert found.objects["hair-loss"] == "abstract"
    assert found.objects["bruising"] == "abstract"
    assert found.route == ("injected", "title")
    assert found.field


@pytest.mark.parametrize(
    ("title", "abstract"),
    [
        ("Dutasteride", "Its price."),
        ("Melasma", "Its price."),
        ("Warfarin and bleeding", "No ingredient, no technique."),
        ("Dutasteride with warfarin", "A substance alone is no indication and no harm."),
        ("The kidney", "Spots, pain and cream."),
        ("Iron stores", "Chemistry of pregnancy in ten countries."),
        ("Enzymes", "Anaphylaxis."),
        ("Caffeine", "Hypertension of old age."),
        ("", ""),
    ],
)
def test_no_candidate(reader: Reader, title: str, abstract: str) -> None:
    assert reader.mentions(title, [], abstract) is None


def said(found: Mentions | None) -> tuple[set[str], set[str]]:
    return (set(found.subjects), set(found.objects)) if found else (set(), set())


def test_an_abbreviation_of_two_letters_needs_the_long_form(reader: Reader) -> None:
    assert "hyaluronic-acid" not in said(reader.mentions("HA and minoxidil in melasma", [], ""))[0]
    assert "hyaluronic-acid" in said(reader.mentions("HA in melasma", [], "Hyaluronic acid (HA) was used."))[0]


def test_an_abbreviation_of_three_letters_needs_company(reader: Reader) -> None:
    assert reader.mentions("PRP in AGA", [], "") is None
    assert said(reader.mentions("PRP in androgenetic alopecia", [], "")) == (
        {"platelet-rich-plasma"},
        {"androgenetic-alopecia"},
    )
    assert reader.mentions("prp in androgenetic alopecia", [], "") is None
    assert said(reader.mentions("Minoxidil in AGA", [], "")) == ({"minoxidil"}, {"androgenetic-alopecia"})
    assert reader.mentions("TAC and heart failure of the skin", [], "") is None, "another TAC"
    assert reader.mentions("Minoxidil and PFS", [], "") is None, "another PFS"
    assert "acute-kidney-injury" in said(reader.mentions("Minoxidil and AKI", [], "Acute kidney injury (AKI)"))[1]


def test_an_abbreviation_of_four_letters_stands_alone(reader: Reader) -> None:
    assert said(reader.mentions("PDRN in melasma", [], ""))[0] == {"pdrn"}


def test_a_class_counts_in_the_title_alone(reader: Reader) -> None:
    assert reader.mentions("On melasma", [], "Antioxidants were low.") is None
    assert said(reader.mentions("Antioxidants in melasma", [], ""))[0] == {"antioxidant"}


def test_common_words_need_company(reader: Reader) -> None:
    assert (
        "peptide" not in said(reader.mentions("Peptide vaccination in prostate cancer", [], "Skin rash was seen."))[0]
    )
    assert "collagen" in said(reader.mentions("Collagen in facial wrinkles", [], ""))[0]
    assert "zinc" in said(reader.mentions("Intradermal zinc in gout", [], "Pain at the site."))[0]


@pytest.mark.parametrize(
    "title",
    [
        "What is the physical-mechanical mechanism of pressurized mesotherapy?",
        "La mésothérapie aujourd'hui",
        "Mesoterapia nella cervicalgia",
        "Intradermoterapia: uma revisão",
        "Мезотерапия в практике",
    ],
)
def test_the_fields_own_name_is_enough(reader: Reader, title: str) -> None:
    found = reader.mentions(title, [], "")
    assert found is not None
    assert found.own == "title"
    assert "mesotherapy" in found.subjects


def test_a_harm_that_has_no_name_yet(reader: Reader) -> None:
    found = reader.mentions("Colour vision disturbance after oral tranexamic acid", [], "")
    assert found is not None
    assert found.way == Way("harm", "disturbance")
    assert reader.mentions("Colour vision after oral tranexamic acid", [], "") is None
    assert reader.mentions("Colour vision disturbance", [], "After oral tranexamic acid.") is None


def test_a_principal_ingredient_and_the_field_in_one_title(reader: Reader) -> None:
    assert reader.mentions("Microneedling for facial rejuvenation: what is known", [], "") is not None
    assert reader.mentions("Dutasteride: what is known", [], "") is None


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("Hyaluronidase injection and counterfeit vials", "harm"),
        ("Tretinoin cream for photodamaged skin", "named"),
        ("Platelet-rich plasma around the eye: periorbital results", "named"),
        ("Microneedling: a practical guide", "named"),
        ("Hyaluronic acid fillers: what to know", "named"),
        ("Skin brightening with glutathione: a randomised study", "named"),
        ("Treatment of melasma: a systematic review", "treated"),
        ("Mycobacterial infections after cosmetic procedures", "practice"),
        ("Warfarin in dermatologic surgery", "practice"),
        ("The use of tropocollagen in aesthetic medicine", "practice"),
        ("Stability of buffered lidocaine in syringes", "mixed"),
        ("Fish oil and perioperative bleeding", "linked"),
    ],
)
def test_titles_that_are_enough_by_themselves(reader: Reader, title: str, kind: str) -> None:
    found = reader.mentions(title, [], "")
    assert found is not None
    assert found.way is not None
    assert found.way.kind == kind
    assert reader.mentions("A letter", [], title) is None, "in an abstract they are not"


@pytest.mark.parametrize(
    "title",
    [
        "Fish oil and bleeding",
        "Warfarin in heart surgery",
        "Tretinoin in a rare tumour",
        "Platelet-rich plasma in the knee",
        "Glutathione in yeast: a randomised study",
        "Stability of bridges in the wind",
        "Treatment of malaria: a systematic review",
        "Infections after hip replacement",
    ],
)
def test_titles_of_other_fields(reader: Reader, title: str) -> None:
    assert reader.mentions(title, [], "") is None


def test_a_product_stands_for_what_is_in_it(reader: Reader) -> None:
    assert "poly-l-lactic-acid" in said(reader.mentions("Sculptra in cheek wrinkles", [], ""))[0]
    assert "polynucleotide" in said(reader.mentions("Rejuran in acne scars", [], ""))[0]


def test_the_name_of_a_class_says_what_is_treated(reader: Reader) -> None:
    assert said(reader.mentions("Cellulite treatments compared", [], "")) == ({"cellulite-treatment"}, {"cellulite"})


def test_a_medicine_taken_is_also_what_it_is_made_of(reader: Reader) -> None:
    found = said(reader.mentions("Topical minoxidil in alopecia areata", [], ""))
    assert found[0] == {"minoxidil"}
    assert "minoxidil-topical-use" in found[1]


def test_skin_incision_is_no_field(reader: Reader) -> None:
    found = reader.mentions("Tranexamic acid and bleeding", [], "After skin incision.")
    assert found is None or not found.field


def test_a_reader_travels_to_other_processes(reader: Reader) -> None:
    import pickle

    there = pickle.loads(pickle.dumps(reader))
    assert there.mentions("Dutasteride in melasma", [], "") == reader.mentions("Dutasteride in melasma", [], "")


def test_an_ordinary_word_needs_another_name_beside_it(reader: Reader) -> None:
    assert "papule" not in said(reader.mentions("Papule and melasma", [], "Minoxidil."))[0]


def test_what_is_treated_goes_before_what_is_a_harm(reader: Reader) -> None:
    objects = said(reader.mentions("Minoxidil in alopecia", [], ""))[1]
    assert objects == {"hair-loss"}


def test_a_harm_of_a_companion_in_one_title(reader: Reader) -> None:
    assert said(reader.mentions("Benzyl alcohol allergy", [], ""))[0] == {"benzyl-alcohol"}
