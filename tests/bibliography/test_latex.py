"""LaTeX to Unicode and back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pylatexenc.latex2text import LatexNodes2Text

from kb.bibliography.latex import UnknownCommandError, decode, decode_literal, encode, encode_literal
from tests.bibliography.generated_references import CHARACTERS, MARKUP

# Values on which pylatexenc, the converter of bibtexparser's own middleware, is right and to be matched.
AGREED = [
    r"Va{\~n}{\'o}-Galv{\'a}n", r"Va\~n\'o-Galv\'an", r"Tr{\"u}eb", r"Tr\"ueb", r"Tr\"{u}eb", r"Ko{\l}odziejczak",
    r"Wo{\'z}niak", r"{\O}rsted", r"{\o}", r"\AA ngstr\"om", r"{\AA}ngstr{\"o}m", r"Stra{\ss}e", r"gro\ss{} und",
    r"{\c C}elik", r"\c{c}a", r"Mar{\'\i}a", r"Mar\'{\i}a", r"{\v{S}}koda", r"\v Skoda", r"Dvo\v{r}\'ak",
    r"Erd{\H o}s", r"{\u g}", r"\k{a}", r"\d{s}", r"\r{u}", r"\={a}", r"\.{z}", r"\^{\i}le", r"fa\c{c}ade",
    r"\ae sthetic", r"{\OE}uvre", r"\dj", r"5\% minoxidil", r"Clinical \& Experimental", r"\#1", r"a\_b",
    r"{Men} with {AGA}", r"``quoted''", r"1998---2002", r"pages 1--2", r"\textregistered", r"\emph{in vitro} study",
    r"\textit{Mycobacterium}", r"\textbackslash{}x", r"{\it E. coli}", r"\pm", r"\textdegree",
]  # fmt: skip


@pytest.mark.parametrize("latex", AGREED)
def test_agrees_with_pylatexenc(latex: str) -> None:
    assert decode(latex) == LatexNodes2Text(strict_latex_spaces=False).latex_to_text(latex).strip()


# Where pylatexenc keeps mark-up, or a space that a search would trip over.
@pytest.mark.parametrize(
    ("latex", "text"),
    [
        (r"{CO$_2$} laser", "CO₂ laser"),
        (r"10$^{-3}$ M", "10⁻³ M"),
        (r"$\alpha$-lipoic acid", "α-lipoic acid"),
        (r"37$^\circ$C", "37°C"),
        (r"Van~Neste", "Van Neste"),
        (r"Nguy{\~\^e}n", "Nguyễn"),
        (r"costs \$5 or $6", "costs $5 or $6"),
        (r"super\-cali\/fragile", "supercalifragile"),
        (r"{\LaTeX}", r"\LaTeX"),
        ("plain text", "plain text"),
        ("", ""),
    ],
)
def test_decodes(latex: str, text: str) -> None:
    assert decode(latex) == text


def test_an_unknown_command_is_named() -> None:
    with pytest.raises(UnknownCommandError, match=r"\\weird.*write the character itself"):
        decode(r"a \weird{} b \'e \textbf{c}", strict=True)


def test_a_backslash_in_the_text_is_no_command() -> None:
    assert decode(encode(r"C:\path"), strict=True) == r"C:\path"


@pytest.mark.parametrize("address", ["https://a.b/~me?x=1%20&y_z=$a--b#c", "10.1002/(SICI)1097<1::AID>3.0.CO;2-#"])
def test_addresses_stand_as_they_are(address: str) -> None:
    assert encode_literal(address) == address
    assert decode_literal(address) == address


@pytest.mark.parametrize(
    "exported", [r"https://a.b/x\_y\%20\&z", r"{https://a.b/x_y%20&z}", r"https://a.b/x{\_}y{\%}20{\&}z"]
)
def test_addresses_that_other_programs_escape(exported: str) -> None:
    assert decode_literal(exported) == "https://a.b/x_y%20&z"


TEXTS = st.lists(CHARACTERS | MARKUP | st.just("\n"), max_size=40).map("".join)


@given(TEXTS)
def test_encode_is_undone_by_decode(text: str) -> None:
    assert decode(encode(text), strict=True) == text
    assert decode_literal(encode_literal(text)) == text


@given(TEXTS)
def test_encoded_text_is_one_line_with_balanced_braces(text: str) -> None:
    for encoded in (encode(text), encode_literal(text)):
        assert "\n" not in encoded
        depth = 0
        for i, char in enumerate(encoded):
            if i and encoded[i - 1] == "\\":
                continue
            depth += (char == "{") - (char == "}")
            assert depth >= 0
        assert depth == 0


@given(st.text(alphabet=st.sampled_from(list("\\{}$'\"`~^=.cvuHid ab1%&_-@\n")), max_size=60))
def test_any_latex_decodes(text: str) -> None:
    decode(text)
    decode_literal(text)


@pytest.mark.parametrize("unit", ["{", "}", "\\'", "$", "\\", "\\a{", "{\\'", "$_{", " ", "--"])
def test_a_huge_value_takes_no_time(unit: str) -> None:
    decode(unit * 200_000)  # the test's time limit fails anything worse than linear
