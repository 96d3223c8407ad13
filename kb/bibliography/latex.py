r"""LaTeX mark-up of BibTeX values to Unicode and back: accents, special letters, braces, dashes, quotes.

`references.bib` is stored in UTF-8, so `encode` only protects the characters that LaTeX would read as mark-up; `decode`
undoes that and reads what other programs export (`Va{\~n}{\'o}`, `\textquoteright`, `CO$_2$`). Values that name things
literally (addresses, DOIs) go through `encode_literal` and `decode_literal`, which leave `~ % _ & -- $` as they are.

Decoding is one pass of one regular expression, and text without mark-up is returned after one search.
"""

from __future__ import annotations

import re
from functools import lru_cache
from unicodedata import normalize

COMBINING = {
    "`": "\u0300", "'": "\u0301", "^": "\u0302", "~": "\u0303", "=": "\u0304", "u": "\u0306", ".": "\u0307",
    '"': "\u0308", "r": "\u030a", "H": "\u030b", "v": "\u030c", "d": "\u0323", "c": "\u0327", "k": "\u0328",
    "b": "\u0331", "t": "\u0361",
}  # fmt: skip
"""Accent command to the combining character that follows the letter."""

SYMBOLS = {
    "ss": "ß", "SS": "ẞ", "ae": "æ", "AE": "Æ", "oe": "œ", "OE": "Œ", "aa": "å", "AA": "Å", "o": "ø", "O": "Ø",
    "l": "ł", "L": "Ł", "i": "ı", "j": "ȷ", "dh": "ð", "DH": "Ð", "dj": "đ", "DJ": "Đ", "th": "þ", "TH": "Þ",
    "ng": "ŋ", "NG": "Ŋ", "P": "¶", "S": "§", "dag": "†", "ddag": "‡", "copyright": "©", "pounds": "£", "euro": "€",
    "textregistered": "®", "texttrademark": "™", "textcopyright": "©", "textdegree": "°", "degree": "°",
    "textordfeminine": "ª", "textordmasculine": "º", "textmu": "µ", "textgreater": ">", "textless": "<",
    "textbar": "|", "textbackslash": "\\", "textasciitilde": "~", "textasciicircum": "^", "textunderscore": "_",
    "textbraceleft": "{", "textbraceright": "}", "textquotesingle": "'", "textquotedbl": '"', "textasciigrave": "`",
    "textquoteleft": "‘", "textquoteright": "’", "textquotedblleft": "“", "textquotedblright": "”", "lq": "‘",
    "rq": "’", "guillemotleft": "«", "guillemotright": "»", "textendash": "–", "textemdash": "—", "textellipsis": "…",
    "ldots": "…", "dots": "…", "textbullet": "•", "textperiodcentered": "·", "cdot": "·", "slash": "/", "newline": "\n",
    "alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "epsilon": "ε", "varepsilon": "ε", "zeta": "ζ", "eta": "η",
    "theta": "θ", "iota": "ι", "kappa": "κ", "lambda": "λ", "mu": "μ", "nu": "ν", "xi": "ξ", "pi": "π", "rho": "ρ",
    "sigma": "σ", "tau": "τ", "upsilon": "υ", "phi": "φ", "varphi": "φ", "chi": "χ", "psi": "ψ", "omega": "ω",
    "Gamma": "Γ", "Delta": "Δ", "Theta": "Θ", "Lambda": "Λ", "Xi": "Ξ", "Pi": "Π", "Sigma": "Σ", "Phi": "Φ",
    "Psi": "Ψ", "Omega": "Ω", "times": "×", "pm": "±", "le": "≤", "leq": "≤", "leqslant": "≤", "ge": "≥", "geq": "≥",
    "geqslant": "≥", "lt": "<", "gt": ">", "neq": "≠", "sim": "∼", "approx": "≈", "circ": "°", "infty": "∞", "to": "→",
    "less": "<", "greater": ">", "textdiv": "÷", "div": "÷", "textpm": "±", "texttimes": "×", "textonehalf": "½",
    "textonequarter": "¼", "textthreequarters": "¾", "textonesuperior": "¹", "texttwosuperior": "²",
    "textthreesuperior": "³", "textperthousand": "‰", "textcelsius": "℃", "celsius": "℃", "textsection": "§",
    "textparagraph": "¶", "textdagger": "†", "textdaggerdbl": "‡", "textohm": "Ω", "ohm": "Ω", "upmu": "μ",
    "textrightarrow": "→", "textleftarrow": "←", "textminus": "−", "textquotedblplain": '"',
    "nobreakspace": " ", "textvisiblespace": " ", "space": " ", "quad": " ", "thinspace": " ", "backslash": "\\",
    "textsterling": "£", "textyen": "¥", "textcent": "¢", "texteuro": "€", "textexclamdown": "¡", "textquestiondown": "¿",
    "textnumero": "№", "simeq": "≃", "ll": "≪", "gg": "≫", "leftrightarrow": "↔", "ell": "ℓ", "mp": "∓", "propto": "∝",
    "varDelta": "Δ", "vartheta": "ϑ", "checkmark": "✓", "star": "⋆", "ast": "∗", "bullet": "•", "textasteriskcentered": "*",
    "textquotestraightbase": "‚", "quotesinglbase": "‚", "quotedblbase": "„", "guilsinglleft": "‹", "guilsinglright": "›",
    "rightarrow": "→", "leftarrow": "←", "uparrow": "↑", "downarrow": "↓", "prime": "′", "minus": "−",
    "mathsemicolon": ";",
}  # fmt: skip
"""Command without argument to the character it prints."""

_GREEK = ("alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta", "iota", "kappa", "lambda", "mu", "nu", "xi",
          "pi", "rho", "sigma", "tau", "upsilon", "phi", "chi", "psi", "omega", "Gamma", "Delta", "Theta", "Lambda", "Xi",
          "Pi", "Sigma", "Phi", "Psi", "Omega")  # fmt: skip
for _name in _GREEK:  # upright letters of other packages
    SYMBOLS.setdefault(f"text{_name}", SYMBOLS[_name])
    SYMBOLS.setdefault(f"up{_name}", SYMBOLS[_name])

_NO_PRINT = frozenset({
    "em", "it", "bf", "sc", "rm", "sf", "tt", "sl", "up", "md", "bfseries", "itshape", "scshape", "rmfamily",
    "upshape", "mdseries", "sffamily", "ttfamily", "normalfont", "emph", "textit", "textbf", "textsc", "textrm",
    "textsf", "texttt", "textsl", "textup", "textmd", "textnormal", "text", "mbox", "hbox", "mathrm", "mathit",
    "mathbf", "enquote", "uppercase", "protect", "noopsort", "url", "textsuperscript", "textsubscript", "relax",
    "tiny", "small", "large", "ensuremath", "mathsf", "mathtt", "mathbb", "mathcal", "boldsymbol", "bm", "boldmath",
    "unboldmath", "operatorname", "underline", "uline", "textulc", "nolinkurl", "path", "nocase", "NoCaseChange", "bibstring",
    "displaystyle", "textstyle", "limits", "left", "right", "ignorespaces",
    "lowercase", "MakeUppercase", "MakeLowercase", "textlf", "cyr", "leavevmode", "natexlab",
    "mathord", "mathop", "mathbin", "mathrel",
})  # fmt: skip
"""Commands that choose a face or wrap an argument: the command goes, the argument stays."""

_SPACES = {" ": " ", "\n": " ", "\t": " ", "\\": " ", ",": "\u2009", ";": " ", ":": " "}
_NOTHING = frozenset("-/!@()[]")

_MARKUP = re.compile(r"[\\{}~$]|--|``|''")
_TOKEN = re.compile(
    r"""\\(?P<accent>[`'^"~=.]|[bcdHkruvt](?![A-Za-z]))\s*\{?\s*
          (?:\\(?P<inner>[`'^"~=.])\s*\{?)?
          (?P<letter>\\[ij](?![A-Za-z])\s*|[^\W\d_])
      | \\(?P<word>[A-Za-z]+)(?:[ \t\n]*\{\}|[ \t\n]+|(?![A-Za-z]))
      | \\(?P<char>[\s\S])
      | (?P<brace>[{}])
      | (?P<dash>---?)
      | (?P<quote>``|'')
      | (?P<tie>~)""",
    re.VERBOSE,
)
_LITERAL_TOKEN = re.compile(
    r"\\(?P<word>[A-Za-z]+)(?:[ \t\n]*\{\}|[ \t\n]+|(?![A-Za-z]))|\\(?P<char>[\s\S])|(?P<brace>[{}])"
)
_IF_MATH = re.compile(r"\\ifmmode\b.{0,200}?\\else\b\s*(.{0,200}?)\\fi(?![A-Za-z])\s?(?:\{\})?", re.DOTALL)
"""One spelling for formulas, another for text, as publishers of physics write it: the one for text."""
_SPACING = re.compile(r"\\[hv]space\*?\s*\{[^{}]{0,40}\}")
_MATH = re.compile(r"(?<!\\)\$([^$]*)(?<!\\)\$")
_SCRIPT = re.compile(r"([\^_])(?:\{([^{}]*)\}|\s*(\\[A-Za-z]+|[^\s{}\\]))")
_RAISED = str.maketrans("0123456789+-=()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿ")
_LOWERED = str.maketrans("0123456789+-=()", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎")


class UnknownCommandError(ValueError):
    """A LaTeX command that has no text; the message says what is wrong and how to mend it."""


def decode(text: str, strict: bool = False) -> str:
    """Unicode text of a LaTeX value.

    A command nobody knows stays as it is, or raises UnknownCommandError when `strict`.
    """
    if not _MARKUP.search(text):
        return text
    decoded = _decode(text)
    if strict and "\\" in decoded and (unknown := unknown_commands(text)):
        listed = ", ".join(f"\\{word}" for word in unknown[:5])
        raise UnknownCommandError(f"the LaTeX command {listed} is not known; write the character itself in UTF-8")
    return decoded


@lru_cache(maxsize=65536)
def _decode(text: str) -> str:
    if "\\ifmmode" in text:
        text = _IF_MATH.sub(r"\1", text)
    if "space" in text:
        text = _SPACING.sub("", text)
    if "$" in text:
        text = _MATH.sub(_math, text)
    return _TOKEN.sub(_replace, text)


def decode_literal(text: str) -> str:
    """The same for a value that names something literally: only braces and backslash commands are mark-up."""
    return _LITERAL_TOKEN.sub(_replace, text) if "\\" in text or "{" in text or "}" in text else text


def unknown_commands(text: str) -> list[str]:
    """Commands that `decode` cannot turn into text, in order, each once."""
    words = (m["word"] for m in _TOKEN.finditer(_SPACING.sub("", text)) if m["word"])
    return list(dict.fromkeys(w for w in words if w not in SYMBOLS and w not in _NO_PRINT and w not in COMBINING))


def _replace(match: re.Match[str]) -> str:
    kind = match.lastgroup
    if kind == "letter":
        letter = match["letter"]
        if letter[0] == "\\":  # a dotless i or j carries the accent in place of the dotted one
            letter = letter[1]
        inner = match["inner"]
        return normalize("NFC", letter + (COMBINING[inner] if inner else "") + COMBINING[match["accent"]])
    if kind == "brace":
        return ""
    if kind == "word":
        word = match["word"]
        return SYMBOLS.get(word) or ("" if word in _NO_PRINT or word in COMBINING else match[0])
    if kind == "char":
        char = match["char"]
        return "" if char in _NOTHING else _SPACES.get(char, char)
    if kind == "dash":
        return "—" if len(match[0]) == 3 else "–"
    if kind == "quote":
        return "“" if match[0] == "``" else "”"
    return " "  # the tie `~` is a space


def _math(match: re.Match[str]) -> str:
    """Simple formulas: superscripts and subscripts in Unicode where it has them; the rest as it stands."""
    inner = _SCRIPT.sub(_script, match[1])
    return _TOKEN.sub(_replace, inner) if "\\" in inner else inner


def _script(match: re.Match[str]) -> str:
    inner = match[2] if match[2] is not None else match[3]
    if inner.strip() == r"\circ":
        return "°"
    return inner.translate(_RAISED if match[1] == "^" else _LOWERED) if not inner.startswith("\\") else inner


_PROTECT = re.compile(r"[\\{}&%$#_~^\n]|-(?=-)|`(?=`)|'(?=')| (?= )")
_PROTECT_LITERAL = re.compile(r"[\\{}\n]| (?= )")
_PROTECTED = {
    "\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}", "\n": r"\newline{}",
    "-": "-{}", "`": "`{}", "'": "'{}", " ": "{ }",
}  # fmt: skip


def _protect(match: re.Match[str]) -> str:
    return _PROTECTED.get(match[0]) or "\\" + match[0]


def encode(text: str) -> str:
    """LaTeX value of a Unicode text, in UTF-8: `decode(encode(text)) == text`, and the result is one line."""
    return _PROTECT.sub(_protect, text)


def encode_literal(text: str) -> str:
    """The same for a value that names something literally."""
    return _PROTECT_LITERAL.sub(_protect, text)
