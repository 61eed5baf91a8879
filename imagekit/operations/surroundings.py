"""Options of `az vm create` that do not change what is learnt here: read and left out, or refused as not modelled."""

from __future__ import annotations

from imagekit.operations.core import Field, Form
from imagekit.operations.forms import TEXT, WORDS, YES_NO, choice

_READ: tuple[tuple[str, Form], ...] = (
    ("--nsg", TEXT),
    ("--nsg-rule", choice("RDP", "SSH", "NONE")),
    ("--public-ip-address", TEXT),
    ("--public-ip-address-allocation", choice("dynamic", "static")),
    ("--public-ip-address-dns-name", TEXT),
    ("--public-ip-sku", choice("Basic", "Standard")),
    ("--vnet-address-prefix", TEXT),
    ("--subnet-address-prefix", TEXT),
    ("--private-ip-address", TEXT),
    ("--accelerated-networking", YES_NO),
    ("--asgs", WORDS),
    ("--nic-delete-option", WORDS),
    ("--boot-diagnostics-storage", TEXT),
    ("--authentication-type", choice("ssh", "password", "all")),
    ("--ssh-key-type", choice("RSA", "Ed25519")),
    ("--ssh-key-name", TEXT),
    ("--ssh-dest-key-path", TEXT),
    ("--custom-data", TEXT),
    ("--enable-agent", YES_NO),
    ("--workspace", TEXT),
    ("--storage-account", TEXT),
    ("--enable-integrity-monitoring", YES_NO),
    ("--disable-integrity-monitoring", YES_NO),
    ("--accept-term", YES_NO),
)
SURROUNDINGS = tuple(Field("", option, "", form) for option, form in _READ)

BEYOND = """
--add-proxy-agent-ext --add-proxy-agent-extension --additional-events --additional-scheduled-events
--align-regional-disks --align-regional-disks-to-vm-zone --all-instance-down --assign-identity --availability-set
--capacity-reservation-group --count --crg --data-disk-caching --data-disk-encryption-sets --data-disk-iops
--data-disk-mbps --disable-capacity-reservation-assignment --disable-integrity-monitoring-autoupgrade
--disk-controller-type --edge-zone --enable-all-instance-down --enable-auto-update --enable-hibernation
--enable-hotpatching --enable-proxy-agent --enable-reboot --enable-redeploy --enable-user-reboot-scheduled-events
--enable-user-redeploy-scheduled-events --encryption-at-host --encryption-identity --ephemeral-full-caching
--ephemeral-os-disk --ephemeral-os-disk-enable-full-caching --ephemeral-os-disk-placement --ephemeral-placement
--eviction-policy --exclude-zones --host --host-group --imds-access-control-profile-reference-id --imds-mode
--imds-profile-id --include-zones --key-incarnation-id --max-price --no-cap-reservation
--os-disk-encryption-set --os-disk-secure-vm-disk-encryption-set --patch-mode
--plan-promotion-code --platform-fault-domain --ppg --processor-mode --proxy-agent-mode --role
--scheduled-events-api-version --scope --se-api-version --secrets --source-disk-restore-point
--source-disk-restore-point-size-gb --source-disk-rp --source-resource --source-resource-size --source-rp-size
--source-snapshots-or-disks --source-snapshots-or-disks-size-gb --storage-container-name --ultra-ssd-enabled
--use-unmanaged-disk --user-data --v-cpus-available --v-cpus-per-core --validate --vmss --wire-local-rules
--wire-server-access-control-profile-reference-id --wire-server-mode --wire-server-profile-id
--wire-server-use-local-file-rules --zone-movement --zone-placement-policy
"""
