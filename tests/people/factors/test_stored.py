"""What is kept of factors: nothing that says when, and no secret that can be read."""

from __future__ import annotations

import base64
import json
import time
from typing import Any

import pytest
import time_machine
from allauth.mfa.models import Authenticator

from tertulia.kit.facts import after_fact
from tertulia.people import actions, facts
from tertulia.people.models import Account
from tertulia.people.queries.factor import factors_of, recovery_codes
from tertulia.people.receivers import NO_MOMENT
from tertulia.project.backup.restoring import _erase_again
from tests.factories.passkeys import Device
from tests.people.factors.conftest import SITE
from tests.people.factors.ways import browser, code_of, colleague_with_app, enter_by_code, invited

pytestmark = pytest.mark.django_db


def test_no_row_says_when_or_which_came_first(clock: time_machine.Traveller) -> None:
    account, secret = colleague_with_app(clock)
    client = browser()
    enter_by_code(client, account, code_of(secret))
    for row in Authenticator.objects.all():
        row.record_usage()
    assert set(Authenticator.objects.values_list("created_at", "last_used_at")) == {(NO_MOMENT, None)}
    keys = list(Authenticator.objects.values_list("pk", flat=True))
    assert min(keys) > 1_000
    assert set(client.session.keys()) == {"_auth_user_id", "_auth_user_backend", "_auth_user_hash", "came", "proved"}
    # When that was is sealed, and no two look alike.
    enter_by_code(other := browser(), account, (recovery_codes(account) or [])[0])
    boxes = {one.session["proved"] for one in (client, other)}
    assert len(boxes) == 2
    assert [box for box in boxes if int(time.time()).to_bytes(8) in base64.urlsafe_b64decode(box)] == []


def test_secrets_are_sealed_in_the_database(clock: time_machine.Traveller) -> None:
    account, secret = colleague_with_app(clock)
    rows = repr(list(Authenticator.objects.values()))
    assert secret not in rows
    assert [code for code in recovery_codes(account) or [] if code in rows] == []
    account.refresh_from_db()
    assert account.password.startswith("argon2$argon2id$")


def test_a_passkey_is_stored_without_what_tells_of_the_device() -> None:
    client, account = invited()
    answer = json.loads(Device(SITE).make(client.post("/staff-door/factors/passkey/begin/").json()))
    answer |= {"authenticatorAttachment": "platform", "clientExtensionResults": {"credProps": {"rk": True}}}
    answer["response"]["transports"] = ["internal"]
    client.post("/staff-door/factors/passkey/", {"name": "", "answer": json.dumps(answer)})
    row = Authenticator.objects.get(user=account)
    assert set(row.data) == {"name", "credential"}
    assert set(row.data["credential"]) == {"id", "rawId", "type", "response"}
    assert set(row.data["credential"]["response"]) == {"clientDataJSON", "attestationObject"}


def test_a_restore_brings_back_nothing_that_was_removed(clock: time_machine.Traveller) -> None:
    account, secret = colleague_with_app(clock)
    old = list(Authenticator.objects.all())
    password = account.password
    actions.issue_sign_in_link(account, 60)
    actions.add_staff_passkey(account, "kept", {})
    for row in old:
        row.save(force_insert=True)
    Account.objects.filter(pk=account.pk).update(password=password)
    carried_out = _erase_again()
    account.refresh_from_db()
    assert (carried_out, account.password) == (2, "")
    assert [factor.name for factor in factors_of(account)] == ["kept"]
    assert enter_by_code(browser(), account, code_of(secret)).status_code == 422


def test_each_change_is_a_fact(clock: time_machine.Traveller, django_capture_on_commit_callbacks: Any) -> None:
    told: list[object] = []
    kinds = (facts.FactorAdded, facts.FactorRemoved, facts.RecoveryCodesMade, facts.FactorsReset)
    for kind in (*kinds, facts.SignedInByFactor):
        after_fact(kind, told.append)
    with django_capture_on_commit_callbacks(execute=True):
        account, secret = colleague_with_app(clock)
        enter_by_code(browser(), account, code_of(secret))
        actions.add_staff_passkey(account, "phone", {})
        actions.make_recovery_codes(account)
        actions.remove_factor(account, factors_of(account)[0].key)
        actions.reset_factors(account)
        actions.reset_factors(account)
    key = account.pk
    assert told == [
        facts.FactorAdded(key, "app"),
        facts.SignedInByFactor(key, "app"),
        facts.FactorAdded(key, "passkey"),
        facts.RecoveryCodesMade(key),
        facts.FactorRemoved(key, "passkey"),
        facts.FactorsReset(key),
    ]
