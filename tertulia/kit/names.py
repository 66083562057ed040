"""Names that people choose: what a name may be made of, and which ones would pass for the staff."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from django.utils.translation import gettext as _

from tertulia.kit.errors import Invalid

LONGEST = 40

# What is drawn as nothing although it counts as a letter or a symbol.
BLANK = frozenset("\u115f\u1160\u2800\u3164\uffa0")
# Marks that turn the direction of what follows, so that a name could rewrite the line it stands in.
TURNING = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
REFUSED_CATEGORIES = frozenset({"Cc", "Cn", "Co", "Cs"})

# Whoever bears such a word in a room is taken for the staff, in the languages of the interface.
STAFF_WORDS = (
    *("moderator", "administrator", "admin", "organiser", "organizer", "organisers", "organizers", "staff", "host"),
    *("official", "support", "system", "tertulia", "interpreter", "mod"),
    *("moderador", "moderadora", "administrador", "administradora", "organizador", "organizadora", "oficial"),
    *("soporte", "anfitrion", "anfitriona", "interprete"),
    *("مشرف", "المشرف", "مشرفة", "مدير", "المدير", "مديرة", "منظم", "المنظم", "منظمة", "مسؤول", "المسؤول"),
)
LONG_ENOUGH_ANYWHERE = 8

# Letters and digits of other shapes that are read as Latin letters; i, l, 1 and | are one.
LOOKS_LIKE = str.maketrans(
    {
        **dict(zip("034578@$", "oeastbas", strict=True)),
        **dict.fromkeys("1|!lıіι", "i"),
        **dict(zip("аеорсухѕјԁмткгп", "aeopcyxsjdmtkrn", strict=True)),
        **dict(zip("αεορτνκμυ", "aeoptvkmu", strict=True)),
    }
)


def chosen_name(text: str) -> str:
    """The name as it will be shown: NFKC, spaces single, 1 to 40 characters.

    Invalid at `chosen_name` if it is empty or too long, cannot be seen, turns the writing direction, holds
    control characters, or would pass for somebody of the staff.
    """
    name = " ".join(unicodedata.normalize("NFKC", text).split())
    if not any(_is_seen(character) for character in name):
        raise _refused(_("Please choose a name that can be seen."))
    if len(name) > LONGEST:
        raise _refused(_("Please choose a shorter name: 40 characters at most."))
    if any(character in TURNING or unicodedata.category(character) in REFUSED_CATEGORIES for character in name):
        raise _refused(_("This name holds invisible signs. Please type it anew."))
    if passes_for_staff(name):
        raise _refused(_("This name could be taken for one of the staff. Please choose another one."))
    return name


def passes_for_staff(name: str) -> bool:
    """Whether the name is, or hides, a word by which people know the staff."""
    words = set(re.findall(r"[^\W_]+", _skeleton(name)))
    together = re.sub(r"[\W_]+", "", _skeleton(name))
    return any(
        word in words or word == together or (len(word) >= LONG_ENOUGH_ANYWHERE and word in together)
        for word in _staff_skeletons()
    )


@cache
def _staff_skeletons() -> frozenset[str]:
    return frozenset(map(_skeleton, STAFF_WORDS))


def _is_seen(character: str) -> bool:
    return character not in BLANK and unicodedata.category(character)[0] in "LNSP"


def _skeleton(text: str) -> str:
    bare = "".join(
        character
        for character in unicodedata.normalize("NFKD", text.casefold())
        if unicodedata.category(character) not in {"Mn", "Cf"}
    )
    return bare.translate(LOOKS_LIKE)


def _refused(why: str) -> Invalid:
    return Invalid(why, where="chosen_name")
