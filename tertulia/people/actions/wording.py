"""The words that people agree to."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction
from django.utils.translation import gettext as _

from tertulia.kit.errors import Invalid, NotAllowed
from tertulia.kit.facts import announce
from tertulia.people.facts import ConsentWorded
from tertulia.people.models import Account, ConsentText, Purpose
from tertulia.people.queries.consent import newest_version
from tertulia.people.rules import can_word_consent

LONGEST_LANGUAGE = 35


def word_consent(purpose: Purpose, texts: Mapping[str, str], by: Account | None = None) -> int:
    """Write the next version of what people agree to for `purpose`, as `texts` by language (BCP 47 tags); its number.

    Who agreed to an older version still agrees to that one. `by` None is the operator at the machine. NotAllowed
    for who is no administrator; Invalid at `texts` without any, for an empty one, or for what is no language tag.
    """
    if not can_word_consent(by):
        raise NotAllowed(_("Only an administrator writes what people agree to."))
    told = {language.strip(): text.strip() for language, text in texts.items()}
    if not told or not all(told.values()):
        raise Invalid(_("A text that people agree to is not empty."), where="texts")
    if not all(0 < len(language) <= LONGEST_LANGUAGE for language in told):
        raise Invalid(_("Name the language of each text, such as en or pt-BR."), where="texts")
    with transaction.atomic():
        version = newest_version(purpose) + 1
        rows = [ConsentText(purpose=purpose, version=version, language=tag, text=text) for tag, text in told.items()]
        ConsentText.objects.bulk_create(rows)
        announce(ConsentWorded(purpose, version, by.pk if by else None))
    return version
