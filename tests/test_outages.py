"""While a region is down, what it keeps cannot be had, and everything else goes on."""

import pytest

from imagekit import Cloud

PICTURES = """
az group create -n studio -l westeurope
az group create -n annex -l eastus
az vm create -g studio -n maker --image Ubuntu2204 --security-type Standard -l eastus --generate-ssh-keys
az vm run-command invoke -g studio -n maker --command-id RunShellScript --scripts 'waagent -deprovision+user -force'
az vm deallocate -g studio -n maker
az vm generalize -g studio -n maker
MAKER=$(az vm show -g studio -n maker --query id -o tsv)
az sig create -g studio -r Pictures -l eastus
az sig image-definition create -g studio -r Pictures -i web --os-type Linux --publisher C --offer W --sku P -l eastus \
  --features SecurityType=Standard
az sig image-version create -g studio -r Pictures -i web -e 1.0.0 -l eastus --virtual-machine $MAKER \
  --target-regions eastus westus
WEB=$(az sig image-definition show -g studio -r Pictures -i web --query id -o tsv)
"""
COPY = "az vm create -g studio -n copy --image $WEB -l westus --generate-ssh-keys"


@pytest.fixture(scope="module")
def pictures():
    """A gallery in East US with a version that has a replica in West US too; its group is kept in West Europe."""
    cloud = Cloud()
    assert all(answer.ok for answer in cloud.say(PICTURES))
    return cloud


def refused(answers):
    return [finding.rule for finding in answers[-1].refusals]


def test_a_replica_does_not_help_when_the_gallery_is_gone(pictures):
    """A machine in West US wants the record of a gallery in East US; it gets one again when East US is up."""
    cloud = pictures.branch().outage("East US")
    assert refused(cloud.say(COPY)) == ["region-is-up"]
    assert cloud.outage().say(COPY)[-1].ok


def test_a_second_gallery_helps(pictures):
    """A version copied into a gallery of another region serves while the first region is down."""
    cloud = pictures.branch()
    said = cloud.say("""
az sig create -g studio -r Spare -l westus
az sig image-definition create -g studio -r Spare -i web --os-type Linux --publisher C --offer W --sku P -l westus \
  --features SecurityType=Standard
FIRST=$(az sig image-version show -g studio -r Pictures -i web -e 1.0.0 --query id -o tsv)
az sig image-version create -g studio -r Spare -i web -e 1.0.0 -l westus --image-version $FIRST --target-regions westus
SPARE=$(az sig image-definition show -g studio -r Spare -i web --query id -o tsv)
""")
    assert [answer.body for answer in said if not answer.ok] == []
    assert cloud.outage("eastus").say(COPY.replace("$WEB", "$SPARE"))[-1].ok


def test_a_group_is_kept_somewhere_too(pictures):
    """Nothing is changed in a group whose region is down, wherever the resource lies; reading goes on."""
    cloud = pictures.branch().outage("westeurope")
    assert refused(cloud.say("az disk create -g studio -n spare --size-gb 8 -l eastus")) == ["region-is-up"]
    assert cloud.say("az vm show -g studio -n maker")[-1].ok
    assert cloud.say("az disk create -g annex -n spare --size-gb 8")[-1].ok


def test_undo_and_files_know_of_it(pictures, tmp_path):
    """An outage is a step like any other: it can be undone, and it stands in a saved file."""
    cloud = pictures.branch().outage("eastus", "North Europe")
    assert Cloud.load(cloud.save(tmp_path / "cloud.json")).world.down == {"eastus", "northeurope"}
    assert cloud.undo().world.down == frozenset()


def test_a_region_must_be_one():
    """A misspelt region is named, with the nearest there is."""
    with pytest.raises(ValueError, match="'eastuss'; did you mean 'eastus'"):
        Cloud().outage("eastuss")
