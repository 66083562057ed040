"""The form in which one says where one joins from."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from tertulia.kit.countries import countries_in


class WhereFromForm(forms.Form):
    """A country, or rather not."""

    country = forms.ChoiceField(label=_("The country you join from"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        country = self.fields["country"]
        assert isinstance(country, forms.ChoiceField)  # noqa: S101 - tells the type checker
        country.choices = [("", _("I would rather not say")), *countries_in(get_language() or "en")]
