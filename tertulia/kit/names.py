"""Names that people choose or are credited by: what a name may be made of, and which would pass for the staff."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from django.utils.translation import gettext as _

from tertulia.kit.errors import Invalid
from tertulia.kit.lookalikes import mixes_scripts, script_of, skeleton

LONGEST, LONGEST_PUBLIC = 40, 200
# The fields at which a name is refused: the one for an event, and the one beside a contribution.
CHOSEN, PUBLIC = "chosen_name", "name"

# What is drawn as nothing although it counts as a letter, a symbol or a mark.
BLANK = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
# Signs that join letters or choose their shape: seen where a script knows them, and as nothing behind other letters.
SHAPING = frozenset("\u200c\u200d\u180b\u180c\u180d\u180f") | {
    chr(code) for code in (*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0))
}
UNSHAPED = frozenset({"LATIN", "GREEK", "CYRILLIC", "ARMENIAN", "GEORGIAN", "CHEROKEE"})
# Cf: what turns the direction of writing, so that a name could rewrite the line it stands in, and what is not seen.
REFUSED_CATEGORIES = frozenset({"Cc", "Cf", "Cn", "Co", "Cs"})

# Whoever bears such a word in a room is taken for the staff, in the languages of the interface and some of its
# neighbours.
STAFF_WORDS = (
    *("moderator", "administrator", "admin", "organiser", "organizer", "organisers", "organizers", "staff", "host"),
    *("official", "support", "system", "tertulia", "interpreter", "mod", "moderation", "administration"),
    *("moderador", "moderadora", "administrador", "administradora", "organizador", "organizadora", "oficial"),
    *("moderadores", "administradores", "organizadores", "moderación", "administración", "organización"),
    *("soporte", "anfitrion", "anfitriona", "interprete"),
    *("مشرف", "المشرف", "مشرفة", "مدير", "المدير", "مديرة", "منظم", "المنظم", "منظمة", "مسؤول", "المسؤول"),
    *("المشرفة", "المشرفون", "المشرفين", "المديرة", "المنظمة", "المنظمون", "المنظمين", "الإدارة", "إدارة"),
    *("الإشراف", "المترجم", "المضيف", "المضيفة", "طاقم", "الطاقم"),
    *("hosts", "team", "helpdesk", "security", "secretary", "secretariat", "police", "coordinator", "coordinators"),
    *("equipo", "seguridad", "secretaria", "secretariado", "policía", "coordinador", "coordinadora", "coordinadores"),
    *("الفريق", "فريق", "الأمن", "الدعم", "الشرطة", "شرطة", "الأمانة", "السكرتارية", "المنسق", "المنسقة", "منسقة"),
    *("модератор", "администратор", "админ", "администрация", "организатор", "организаторы", "оргкомитет"),
    *("поддержка", "команда", "полиция", "безопасность", "секретариат", "секретарь", "координатор", "ведущий"),
    *("modérateur", "modératrice", "administrateur", "administratrice", "organisateur", "organisatrice", "équipe"),
    *("secrétariat", "secrétaire", "sécurité", "coordinateur", "coordinatrice", "coordenador", "coordenadora"),
    *("equipe", "segurança", "suporte", "anfitrião", "anfitriã", "administração", "organização", "moderação"),
)
# People and groups are called so, too: a public name may hold one, and not be one.
ALSO_SURNAMES = frozenset({"host", "mod", "staff", "support", "official", "oficial", "system"}) | {
    *("hosts", "team", "police", "equipo", "equipe", "équipe", "команда", "فريق", "security", "seguridad"),
}
LONG_ENOUGH_ANYWHERE = 8
# Of these a name may not be one slip away, either: a letter too many, too few, another, or two that changed places.
STRONGEST = frozenset(
    {
        *("moderator", "moderators", "administrator", "organiser", "organizer", "interpreter", "helpdesk"),
        *("coordinator", "secretariat", "moderador", "moderadora", "administrador", "administradora"),
        *("organizador", "organizadora", "coordinador", "coordinadora", "anfitriona"),
        *("модератор", "администратор", "организатор", "координатор"),
        *("modérateur", "modératrice", "administrateur", "organisateur", "organisatrice", "coordenador"),
    }
)
# Marks behind one letter, once what can be one sign is one: those of all scripts, and any. Tibetan needs four.
MOST_MARKS, MOST_OF_ANY_SCRIPT = 2, 4


def chosen_name(text: str) -> str:
    """The name for an event as it will be shown: NFKC, spaces single, 1 to 40 characters.

    Invalid at `chosen_name` if it is empty or too long, cannot be seen, turns the writing direction, holds signs that
    nobody sees, mixes scripts within a word so that it could be read as another, or would pass for somebody of the
    staff.
    """
    name = _tidy(text, LONGEST, CHOSEN)
    if passes_for_staff(name):
        raise _staffs(CHOSEN)
    return name


def public_name(text: str) -> str:
    """The name beside what somebody contributed, as it will be shown: as `chosen_name`, of 1 to 200 characters.

    Invalid at `name` for the same, but for a word that is also a surname, unless it is the whole name.
    """
    name = _tidy(text, LONGEST_PUBLIC, PUBLIC)
    if passes_for_staff(name, but_for=ALSO_SURNAMES):
        raise _staffs(PUBLIC)
    return name


def passes_for_staff(name: str, but_for: frozenset[str] = frozenset()) -> bool:
    """Whether the name is, or hides, a word by which people know the staff; `but_for` some, unless it is no more."""
    words, together = set(re.findall(r"[^\W_]+", skeleton(name))), look_of(name)
    return any(
        look == together
        or (look in words and word not in but_for)
        or (len(look) >= LONG_ENOUGH_ANYWHERE and look in together and word not in but_for)
        or (word in STRONGEST and any(_is_a_slip(look, written) for written in {*words, together}))
        for word, look in _staff_skeletons()
    )


def passes_for_house(name: str, house: str) -> bool:
    """Whether the name reads like `house`, the organisation that runs the event, or holds it if that is long enough.

    What stands behind the organisation's name in brackets is not part of it.
    """
    look, written = look_of(re.sub(r"\s*\([^()]*\)\s*$", "", house)), look_of(name)
    return bool(look) and (look == written or (len(look) >= LONG_ENOUGH_ANYWHERE and look in written))


def refuse_disguised(name: str, where: str) -> None:
    """Invalid at `where` if the name is not what it looks like.

    It holds signs that nobody sees, mixes scripts, or heaps marks on a letter, which run into the lines around it.
    """
    if any(_is_hidden(name, place) for place in range(len(name))):
        raise Invalid(_("This name holds invisible signs. Please type it anew."), where)
    if _heaps_marks(name):
        raise Invalid(_("A letter of this name bears too many marks. Please write it with two at most."), where)
    if mixes_scripts(name):
        raise Invalid(
            _("A word of this name mixes letters that look alike. Please write each word in one script."), where
        )


def look_alike(one: str, other: str) -> bool:
    """Whether one name could be taken for the other: the same but for capitals, spaces, accents and like letters."""
    first, second = look_of(one), look_of(other)
    return first == second and (bool(first) or one == other)


def look_of(name: str) -> str:
    """What the name looks like, without spaces: names of one look could be taken for each other; empty for signs."""
    return re.sub(r"[\W_]+", "", skeleton(name))


def _tidy(text: str, longest: int, where: str) -> str:
    name = " ".join(unicodedata.normalize("NFKC", text).split())
    if not any(_is_seen(character) for character in name):
        raise Invalid(_("Please choose a name that can be seen."), where)
    if len(name) > longest:
        raise Invalid(_too_long(longest), where)
    refuse_disguised(name, where)
    return name


def _too_long(longest: int) -> str:
    if longest == LONGEST:
        return _("Please choose a shorter name: 40 characters at most.")
    return _("Please choose a shorter name: 200 characters at most.")


@cache
def _staff_skeletons() -> frozenset[tuple[str, str]]:
    return frozenset((word, skeleton(word)) for word in STAFF_WORDS)


def _is_seen(character: str) -> bool:
    return character not in BLANK and unicodedata.category(character)[0] in "LNSP"


def _is_hidden(name: str, place: int) -> bool:
    """Whether the character at that place is not seen, or does what is not seen."""
    character = name[place]
    if character in SHAPING:
        before = name[place - 1 : place] if place else ""
        return not before or before.isspace() or script_of(before) in UNSHAPED
    return character in BLANK or unicodedata.category(character) in REFUSED_CATEGORIES


def _heaps_marks(name: str) -> bool:
    """Whether one letter bears more marks than writing knows; what can be one sign is one."""
    heap: list[str] = []
    for sign in unicodedata.normalize("NFC", name):
        heap = [*heap, sign] if unicodedata.category(sign) in {"Mn", "Me"} and sign not in SHAPING else []
        common = sum(unicodedata.name(mark, "").startswith("COMBINING") for mark in heap)
        if common > MOST_MARKS or len(heap) > MOST_OF_ANY_SCRIPT:
            return True
    return False


def _is_a_slip(word: str, written: str) -> bool:
    """Whether what was written is the word but for one letter too many, too few, or another, or two that swapped."""
    if abs(len(word) - len(written)) > 1:
        return False
    while word and written and word[0] == written[0]:
        word, written = word[1:], written[1:]
    while word and written and word[-1] == written[-1]:
        word, written = word[:-1], written[:-1]
    return max(len(word), len(written)) <= 1 or (len(word) == len("ab") and word == written[::-1])


def _staffs(where: str) -> Invalid:
    return Invalid(_("This name could be taken for one of the staff. Please choose another one."), where)
