"""The forms of importing a programme: the file to look at, and the confirmation that carries it along."""

from __future__ import annotations

import base64
import binascii
import zlib
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.core.validators import validate_slug
from django.utils.translation import gettext_lazy as _

from tertulia.kit.sizes import LARGEST_FILE
from tertulia.programme.formats.moments import zone_names

# Beneath Django's limit for what a form may send in its fields.
LARGEST_PACKED = 2_000_000


class ScheduleForm(forms.Form):
    """Where a programme goes, and on which clock it is read."""

    slug = forms.CharField(
        label=_("Address of the event"),
        help_text=_("The last part of /events/…/. Left empty, the file's own name is taken."),
        required=False,
        max_length=80,
        validators=[validate_slug],
    )
    zone = forms.CharField(
        label=_("Time zone"),
        help_text=_("Such as Europe/Lisbon. Left empty, the file's own zone is taken."),
        required=False,
        max_length=64,
    )

    def clean_zone(self) -> str:
        """A name of a time zone, or empty."""
        zone: str = self.cleaned_data["zone"].strip()
        if zone and zone not in zone_names():
            raise forms.ValidationError(_("This is not the name of a time zone."))
        return zone


class UploadForm(ScheduleForm):
    """A file to look at."""

    file = forms.FileField(
        label=_("The programme"),
        help_text=_("A schedule.json as pretalx, frab and the c3voc tools write it. You see first what would change."),
    )
    field_order = ("file", "slug", "zone")

    def clean_file(self) -> UploadedFile[bytes]:
        """A file of a size that can be carried along to the confirmation."""
        file: UploadedFile[bytes] = self.cleaned_data["file"]
        if (file.size or 0) > LARGEST_FILE or len(packed(_content(file))) > LARGEST_PACKED:
            raise forms.ValidationError(_("This file is too large for this page; the operator can import it."))
        return file

    def content(self) -> bytes:
        """The bytes of the file; after the form was found valid."""
        return _content(self.cleaned_data["file"])


class ConfirmForm(ScheduleForm):
    """The same file once more, packed, so that nothing need be kept between looking and importing."""

    packed = forms.CharField(widget=forms.HiddenInput)
    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=40)

    def clean_packed(self) -> bytes:
        """The bytes of the file."""
        try:
            return unpacked(self.cleaned_data["packed"])
        except ValueError as fault:
            raise forms.ValidationError(_("The file got lost on the way; please choose it again.")) from fault

    def content(self) -> bytes:
        """The bytes of the file; after the form was found valid."""
        held: bytes = self.cleaned_data["packed"]
        return held


def packed(raw: bytes) -> str:
    """The bytes as a form's field carries them."""
    return base64.b64encode(zlib.compress(raw, 9)).decode()


def unpacked(text: str) -> bytes:
    """What `packed` packed; ValueError for anything else, and for more than a file may have."""
    unpacker = zlib.decompressobj()
    try:
        raw = unpacker.decompress(base64.b64decode(text, validate=True), LARGEST_FILE + 1)
    except (binascii.Error, zlib.error) as fault:
        raise ValueError("not packed by us") from fault
    if len(raw) > LARGEST_FILE:
        raise ValueError("larger than we pack")
    return raw


def _content(file: Any) -> bytes:
    file.seek(0)
    content: bytes = file.read()
    return content
