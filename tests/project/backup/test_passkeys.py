"""A passkey opens what it opened before the machine was lost; one that was removed since opens nothing."""

from __future__ import annotations

import pytest

from tertulia.people.actions import remove_passkey
from tertulia.people.models import Account, Passkey
from tertulia.people.queries.passkey import new_ceremony, our_site, passkey_behind
from tests.factories import make_account
from tests.factories.passkeys import Device, make_passkey
from tests.project.backup.scenes import Operator, burn_down

pytestmark = pytest.mark.django_db(transaction=True)


def opened_by(device: Device) -> Account | None:
    asked = new_ceremony()
    found = passkey_behind(asked, device.prove(our_site().to_prove(asked.challenge)))
    return found.account if found else None


def test_with_the_keys_it_comes_back(operator: Operator) -> None:
    account, device = make_account(), Device(our_site().origin)
    make_passkey(account, device)
    house, keys = operator.back_up(), operator.back_up_keys()
    burn_down(keys=True)
    assert operator.restore(keys) == 0
    assert operator.restore(house) == 0
    assert opened_by(device) == account


def test_what_was_removed_since_goes_again(operator: Operator) -> None:
    account = make_account()
    removed, stays = Device(our_site().origin), Device(our_site().origin)
    number = make_passkey(account, removed).number
    make_passkey(account, stays)
    house = operator.back_up()
    remove_passkey(account, number)
    assert operator.restore(house) == 0
    assert (opened_by(removed), opened_by(stays)) == (None, account)
    assert Passkey.objects.count() == 1
