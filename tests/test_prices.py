"""The table of prices: what it knows, what it refuses to know, and that every figure says where it is from."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from imagekit import facts


@pytest.mark.parametrize(
    ("storage", "amount"), [("Standard_LRS", 0.05), ("standard_zrs", 0.05), (" Premium_LRS ", 0.13)]
)
def test_a_replica_is_priced_by_its_storage(storage: str, amount: float) -> None:
    """Storage account types answer in any case, with a price for a GB and month."""
    price = facts.replica_price(storage)
    assert (price.amount, price.per, price.currency) == (amount, "GB and month", "USD")


@pytest.mark.parametrize(
    ("origin", "target", "amount"),
    [
        ("eastus", "eastus", 0.0),
        ("East US", "eastus2", 0.02),
        ("westeurope", "uksouth", 0.02),
        ("westeurope", "koreacentral", 0.05),
        ("koreacentral", "japaneast", 0.08),
        ("brazilsouth", "chilecentral", 0.16),
    ],
)
def test_traffic_is_priced_by_where_it_leaves(origin: str, target: str, amount: float) -> None:
    """Within a region nothing is paid, within a continent less than to another one."""
    assert facts.egress_price(origin, target).amount == amount


def test_every_region_of_the_public_cloud_has_a_price_for_its_traffic() -> None:
    """No geography is left without a continent."""
    prices = [facts.egress_price(name, "eastus").amount for name in facts.region_names()]
    assert min(prices) == 0.0
    assert set(prices) == {0.0, 0.02, 0.05, 0.08, 0.16}


def test_windows_costs_more_than_linux() -> None:
    """Each size with a price is a known size, and dearer with Windows."""
    for name in ("Standard_B2s", "Standard_D2s_v3", "Standard_D2s_v5", "Standard_D4s_v5"):
        assert facts.size(name) is not None
        assert facts.vm_price(name, "Windows").amount > facts.vm_price(name).amount > 0


@pytest.mark.parametrize(
    ("ask", "says"),
    [
        (
            lambda: facts.replica_price("PremiumV2_LRS"),
            "no price is known for the storage account type 'PremiumV2_LRS'",
        ),
        (lambda: facts.vm_price("Standard_D2s_v99"), "there are prices for Standard_B2s"),
        (lambda: facts.egress_price("chinaeast2", "eastus"), "'chinaeast2': it is no region of the public cloud"),
        (lambda: facts.egress_price("eastus", "moon"), "'moon'"),
    ],
)
def test_what_has_no_price_is_said_to_have_none(ask: Callable[[], facts.Price], says: str) -> None:
    """An unknown price is a KeyError that names what was asked, never a guess."""
    with pytest.raises(KeyError, match=re.escape(says)):
        ask()


def test_prices_are_dated_and_marked_as_illustrative() -> None:
    """Each price carries its source and day and says that it is illustrative; all are rounded to a cent."""
    prices = [
        facts.replica_price("Standard_LRS"),
        facts.egress_price("eastus", "westus"),
        facts.vm_price("Standard_B2s"),
    ]
    for price in prices:
        assert price.illustrative
        assert price.source
        assert price.date.year == 2026
        assert price.date <= facts.prices_dated()
        assert round(price.amount, 2) == price.amount
