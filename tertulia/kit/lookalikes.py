"""What letters look like, and which scripts may stand together in one word.

After Unicode's UTS 39: words of one script, of Latin with one other that does not look like it, or of those that
Chinese, Japanese and Korean mix ("moderately restrictive"). The table holds what is read as a Latin letter at a glance.
"""

from __future__ import annotations

import unicodedata

# What stands together in one word: Japanese, Chinese with its phonetic letters, Korean, each with Latin.
_TOGETHER = ({"LATIN", "CJK", "HIRAGANA", "KATAKANA"}, {"LATIN", "CJK", "BOPOMOFO"}, {"LATIN", "CJK", "HANGUL"})
# Whose letters look like Latin ones; no word mixes them with Latin.
_LIKE_LATIN = {"CYRILLIC", "GREEK", "CHEROKEE", "COPTIC", "LISU", "DESERET", "GOTHIC"}
_PAIR = 2

# Letters and digits of other shapes that are read as Latin letters; i, l, 1 and | are one.
_LOOKS_LIKE = str.maketrans(
    {
        **dict(zip("034578@$", "oeastbas", strict=True)),
        **dict.fromkeys("1|!lıіι", "i"),
        # Latin letters with a stroke, of another shape, or small capitals.
        **dict(zip("łøđħŧɑɡɩʟɪɴʀɢʙʜᴀᴄᴅᴇᴊᴋᴍᴏᴘᴛᴜᴠᴡᴢꜱɛɔ", "iodhtagiiinrgbhacdejkmoptuvwzseo", strict=True)),
        **dict(zip("авеғһіјкӏмнопрԛгѕтцуԝхүзьԁӡѵ", "abefhijkimhonpqrstuywxyebdev", strict=True)),
        **dict(zip("αβγεηκμνορστυχω", "abyenkmvopotuxw", strict=True)),
        **dict(zip("ացհյոսօքզգ", "wghjnuofqq", strict=True)),
        **dict(zip("ᎪᏴᏟᎠᎬᏀᎻᎥᎫᏦᏞᎷᏢᏒᏚᎢᏙᏔᏃ", "abcdeghijkimprstvwz", strict=True)),
        # Arabic letters that differ between languages and are read as one, and the stroke that stretches a word.
        **dict.fromkeys("یىې", "ي"),
        **dict.fromkeys("کڪ", "ك"),
        **dict.fromkeys("ہھەۃة", "ه"),
        "\u0640": "",
        # Letters in black rings, in black boxes, and those of which flags are made.
        **{chr(first + place): chr(ord("a") + place) for first in (0x1F150, 0x1F170, 0x1F1E6) for place in range(26)},
    }
)


def skeleton(text: str) -> str:
    """What the text looks like: two texts of one skeleton could be taken for each other."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(sign for sign in apart if unicodedata.category(sign) not in {"Mn", "Cf"})
    return bare.translate(_LOOKS_LIKE).replace("rn", "m").replace("vv", "w")


def mixes_scripts(text: str) -> bool:
    """Whether one word of the text is made of letters that no language writes together."""
    bare = "".join(sign if _is_in_a_word(sign) else " " for sign in text)
    return any(not _is_of_one_piece(word) for word in bare.split())


def script_of(letter: str) -> str:
    """The script of the letter, as its name in Unicode begins; empty for what all scripts share."""
    first = unicodedata.name(letter, "").partition(" ")[0].partition("-")[0]
    if first in {"MODIFIER", "COMBINING"} or not unicodedata.category(letter).startswith("L"):
        return ""
    return "CJK" if first == "IDEOGRAPHIC" else first


def _is_in_a_word(sign: str) -> bool:
    kind = unicodedata.category(sign)
    return kind[0] in "LMN" or kind == "Cf"


def _is_of_one_piece(word: str) -> bool:
    scripts = {script_of(letter) for letter in word} - {""}
    if len(scripts) < _PAIR or any(scripts <= together for together in _TOGETHER):
        return True
    return len(scripts) == _PAIR and "LATIN" in scripts and not scripts & _LIKE_LATIN
