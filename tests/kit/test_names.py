"""Names that people choose: almost anything, but not what cannot be seen or would pass for another or for the staff."""

from __future__ import annotations

import pytest

from tertulia.kit.errors import Invalid
from tertulia.kit.names import chosen_name, look_alike, passes_for_house, public_name

pytestmark = pytest.mark.parser

# Names that people bear, in as many scripts as there are.
BORNE = (
    *("Ana María Núñez", "Zoë Ångström", "Łukasz Żółć", "Nguyễn Thị Ánh", "O’Brien-Smith", "D'Angelo", "Ḥasan ʿAlī"),
    *("Kealiʻi", "Þórdís Ægisdóttir", "Çağla Işık", "Jean-Luc 2", "X Æ A-12", "Wɛn Ɔla", "Nǃai", "Sm̓úx̌"),
    *("Олександр Шевчук", "Ђорђе Јовић", "Вольга", "О\u02bcКоннор", "Ґонґадзе", "Өмүрбек", "Ҳусейн", "Йозеф"),
    *("Ελένη Παπαδοπούλου", "Οδυσσέας", "Արմեն Հակոբյան", "გიორგი", "ᏣᎳᎩ", "שרה לוי", "מֹשֶׁה", "ܝܘܚܢܢ"),
    *("ليلى الحسن", "مُحَمَّد", "نرگس", "علی‌رضا", "پروین اعتصامی", "ޢަލީ", "ߒߞߏ", "አበበ ቢቂላ", "ⵜⵉⵣⵉⵔⵉ"),
    *("अमृता शेरगिल", "রবীন্দ্রনাথ", "ਗੁਰਪ੍ਰੀਤ", "ગાંધી", "ତପନ", "தமிழ்", "తెలుగు", "ಕನ್ನಡ", "മലയാളം", "ක්‍රිෂාන්"),
    *("สมชาย ใจดี", "ສົມຊາຍ", "အောင်ဆန်း", "សុខ វណ្ណា", "བསྟན་འཛིན", "ᠮᠣᠩᠭᠣᠯ", "ꦗꦮ", "ᬩᬮᬶ", "ᜆᜄᜎᜓᜄ᜔"),
    *(
        "王小明",
        "山田 太郎",
        "アナ・フローレス",
        "さくら子",
        "佐々木",
        "葛\U000e0100城",
        "김철수",
        "ㄅㄆㄇ",
        "ꆈꌠ",
        "Mary 王",
        "Tシャツ",
    ),
    *("Maria Мария", "Layla ليلى", "Pedro 佩德罗", "DJ サクラ", "K팝", "🌿", "Wren 🏳️‍🌈", "👩‍👩‍👧", "1️⃣", "⠺⠗⠑⠝"),
)


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("Wren", "Wren"),
        ("  two \t words \n here ", "two words here"),
        ("ﬁre", "fire"),
        ("Ｗｒｅｎ", "Wren"),
        ("\u00e9" * 40, "\u00e9" * 40),
        ("e\u0301" * 40, "\u00e9" * 40),
        ("نرگس", "نرگس"),
        ("می‌خواهم", "می‌خواهم"),
        ("🌿", "🌿"),
        ("Ghost", "Ghost"),
        ("Falstaff", "Falstaff"),
        ("Modesty", "Modesty"),
        ("Ecosystem", "Ecosystem"),
    ],
)
def test_a_name_is_kept_as_it_will_be_shown(typed: str, shown: str) -> None:
    assert chosen_name(typed) == shown
    assert public_name(typed) == shown


@pytest.mark.parametrize("name", BORNE)
def test_what_people_are_called_is_let_in(name: str) -> None:
    assert (chosen_name(name), public_name(name)) == (name, name)


UNSEEN = [
    *("", "   ", "\u200b\u200c\u200d", "\u3164", "\u2800", "\u0301", "\ufe0f"),
    *("Wren\u202egnitset", "\u2067Wren", "Wren\u200f", "a\x00b", "a\x1bb", "a\ue000b"),
    # Each looks like Wren, or like a name that another has.
    *("Wren\u200b", "Wr\u00aden", "Wr\u200den", "Wren\ufe0f", "Wren\u034f", "Wren\u3164", "Wren\u2060", "\ufeffWren"),
    *("Wren \u200d", "Врен\u200c", "Wren\U000e0041", "Wren\u061c", "mo\u200dde\u00adrator"),
]
MIXED = [
    "Wrеn",
    "Моdеrаtоr",
    "Wrεn",
    "Ѡren",
    "Аnnа",
    "Ηelen",
    "Marιa",
    "paypаl",
    "Οлег",
    "ᎪNNA",
    "ليلىшир",
    "Раul\u0301",
    "р\u0301aul",
    "שרהλ",
]
STAFFS = [
    *("moderator", "MODERATOR", "Moderator 2", "the-moderator", "TheModerator", "m0derator"),
    *("m o d e r a t o r", "ｍｏｄｅｒａｔｏｒ", "môdérâtôr", "rnoderator", "𝐌𝐨𝐝𝐞𝐫𝐚𝐭𝐨𝐫", "🅼🅾🅳🅴🆁🅰🆃🅾🆁"),
    # Wholly in Cyrillic, in small capitals, and with two letters for one.
    *("admin", "4dm1n", "Adm|n", "STAFF", "аԁміп", "ᴀᴅᴍɪɴ", "adrnin"),
    *(
        "Organizadora",
        "Anfitrión",
        "organización",
        "المشرف",
        "مُشرِف",
        "المشـرف",
        "المشرفه",
        "مدیر",
        "الادارة",
        "tertulia",
    ),
]


# Names that are given, in many places; some are not far from what the staff are called.
GIVEN = (
    *("Modesto", "Modesta", "Odette", "Oriana", "Organa", "Amanda", "Segundo", "Segura", "Secundina", "Policarpo"),
    *("Amina", "Iman", "Amin", "Esteban", "Stefania", "Anfisa", "Tertius", "Farouk", "Munir", "Mudir", "Hostos"),
    *("Fariq", "Mohamed", "Maria", "Fatima", "Olga", "Ahmed", "Juan", "José", "Guadalupe", "Aisha", "Svetlana"),
    *("Полина", "Аманда", "Ведана", "Никита", "آمنة", "فارق", "أيمن", "منى", "أمين"),
)
SLIPS = (
    *("Modrator", "Modreator", "Moderattor", "Moderater", "Orgnaizer", "Organiserr", "Adminstrator", "Helpdsek"),
    *("Administartor", "Organizadra", "Coordinadorra", "Модератр", "Администартор", "Ana Modreator"),
)
ALSO_STAFF = (
    *("hosts", "The Team", "Help-Desk", "Security", "secretary", "Secretariat", "Police", "Coordinadora", "Equipo"),
    *("Организатор", "Администратор", "Полиция", "Équipe", "Sécurité", "Organisateur", "Coordenadora", "فريق", "الدعم"),
)


@pytest.mark.parametrize("name", GIVEN)
def test_nobody_is_sent_away_for_a_name_that_is_given(name: str) -> None:
    assert (chosen_name(name), public_name(name)) == (name, name)


@pytest.mark.parametrize("name", [*SLIPS, *ALSO_STAFF])
def test_nor_one_slip_away_nor_in_other_words(name: str) -> None:
    assert why(chosen_name, name, "chosen_name").startswith("This name could be taken for one of the staff.")


@pytest.mark.parametrize("name", ["a\u0337\u0327\u0328\u0301", "Wrem\u0330\u0331\u0332", "ก็็็็็", "a" + "\u0316" * 12])
def test_a_letter_bears_two_marks(name: str) -> None:
    said = "A letter of this name bears too many marks. Please write it with two at most."
    assert why(chosen_name, name, "chosen_name") == why(public_name, name, "name") == said


def test_marks_that_writing_needs_are_let_in() -> None:
    for name in ("ầ\u0323", "a\u0323\u0331", "བརྒྱུད", "မြွှို", "اللّٰه", "שָׁ"):
        assert chosen_name(name)


@pytest.mark.parametrize(
    "name", ["Saltmarsh Network", "SaItmarsh-netw0rk", "The Saltmarsh Network desk", "saltmarshnetwork"]
)
def test_the_house_has_its_name_for_itself(name: str) -> None:
    assert passes_for_house(name, "Saltmarsh Network (sample)")
    assert not passes_for_house("Saltmarsh", "Saltmarsh Network (sample)")
    assert [passes_for_house(said, "Ana") for said in ("ana", "Ana Flores", "Mariana")] == [True, False, False]
    assert not passes_for_house(name, "")


def why(refuse: object, name: str, where: str) -> str:
    with pytest.raises(Invalid) as refused:
        refuse(name)  # type: ignore[operator]
    assert refused.value.where == where
    return refused.value.why


@pytest.mark.parametrize(
    ("names", "said"),
    [
        (UNSEEN[7:], "This name holds invisible signs. Please type it anew."),
        (UNSEEN[:7], "Please choose a name that can be seen."),
        (MIXED, "A word of this name mixes letters that look alike. Please write each word in one script."),
        (STAFFS, "This name could be taken for one of the staff. Please choose another one."),
    ],
)
def test_a_name_is_refused_with_its_reason_at_its_field(names: list[str], said: str) -> None:
    assert {name: why(chosen_name, name, "chosen_name") for name in names} == dict.fromkeys(names, said)
    assert {name: why(public_name, name, "name") for name in names} == dict.fromkeys(names, said)


@pytest.mark.parametrize(("refuse", "longest"), [(chosen_name, 40), (public_name, 200)])
def test_a_name_has_an_end(refuse: object, longest: int) -> None:
    assert refuse("a" * longest) == "a" * longest  # type: ignore[operator]
    for name in ("a" * (longest + 1), "ﬃ" * (longest // 3 + 1)):
        assert why(refuse, name, "name" if longest > 40 else "chosen_name").startswith("Please choose a shorter name: ")


def test_a_surname_that_is_a_word_of_the_staff_is_one_beside_others() -> None:
    assert public_name("Michel Host") == "Michel Host"
    for name in ("Host", "H0st", "M. Moderator", "Admin Wren"):
        assert why(public_name, name, "name").startswith("This name could be taken")
    assert why(chosen_name, "Michel Host", "chosen_name").startswith("This name could be taken")


@pytest.mark.parametrize(
    ("one", "other", "are"),
    [
        ("Heron", "HERON", True),
        ("Blue Desk", "bluedesk", True),
        ("Heron", "Hеrоn", True),
        ("Heron", "Herón", True),
        ("Lina", "1ina", True),
        ("Heron", "Wren", False),
        ("Heron", "Herons", False),
        ("🌿", "🌊", False),
        ("🌿", "🌿", True),
        ("ليلى", "لیلی", True),
    ],
)
def test_which_names_could_be_taken_for_each_other(one: str, other: str, are: bool) -> None:
    assert look_alike(one, other) is are
