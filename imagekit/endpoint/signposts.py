"""Where clients find what they need before they can ask: the endpoints of this cloud, and the short names of images."""

from __future__ import annotations

from typing import Any

from imagekit import facts

NAME = "imagekit"
METADATA = "/metadata/endpoints"
ALIASES = "/metadata/aliases"
TOKEN = "/msi/token"
# Nothing is there: the practice cloud has no blobs, vaults or registries. (.invalid never resolves: RFC 2606.)
_NOWHERE = "practice.invalid"
_SUFFIXES = ("acrLoginServer", "keyVaultDns", "sqlServerHostname", "storage")
_LISTED = ("2018-05-01", "2019-05-01", "2020-06-01")  # api-versions in which all clouds are told, in a list


def endpoints(base: str, version: str) -> Any:
    """What `az cloud register --endpoint-resource-manager` asks for: where this cloud has what.

    >>> endpoints("https://127.0.0.1:8443", "2022-09-01")["resourceManager"]
    'https://127.0.0.1:8443/'
    """
    audience = f"{base}/"
    sign_in = {
        "loginEndpoint": f"{base}/signin",
        "audiences": [audience],
        "tenant": "common",
        "identityProvider": "AAD",
    }
    cloud = {
        "name": NAME,
        "authentication": sign_in,
        "resourceManager": audience,
        "portal": base,
        "gallery": base,
        "graph": base,
        "graphAudience": audience,
        "microsoftGraphResourceId": audience,
        "vmImageAliasDoc": f"{base}{ALIASES}",
        "suffixes": dict.fromkeys(_SUFFIXES, _NOWHERE),
    }
    return [cloud] if version in _LISTED else cloud


def aliases() -> Any:
    """The short names of platform images, in the form of the document az fetches (imagekit/facts/marketplace.toml)."""
    found: dict[str, dict[str, Any]] = {}
    for name, parts in facts.platform_aliases().items():
        image = facts.platform_image(*parts)
        if image is not None:
            urn = {"publisher": image.publisher, "offer": image.offer, "sku": image.sku, "version": "latest"}
            found.setdefault(image.os_type, {})[name] = {**urn, "architecture": image.architecture}
    return {"outputs": {"aliases": {"type": "object", "value": found}}}


__all__ = ["ALIASES", "METADATA", "NAME", "TOKEN", "aliases", "endpoints"]
