"""The gallery as a matrix: newest first, replicas by region, and what `latest` gives where."""

from __future__ import annotations

from typing import Any

import pytest
from test_pictures import DEFINITION, GALLERY, GOLDEN, LAB, MANY, all_words, gallery_of, rid, version

from imagekit.pictures import gallery
from imagekit.pictures.matrix import Pick, picks

PICS = rid(GALLERY, "pics")


def published(*targets: str, excluded: bool = False, excluded_in: str = "") -> dict[str, Any]:
    """The document of a version in some regions."""
    rows: list[dict[str, Any]] = [{"name": place, "regionalReplicaCount": 1} for place in targets]
    for row in rows:
        if row["name"] == excluded_in:
            row["excludeFromLatest"] = True
    return {"properties": {"publishingProfile": {"targetRegions": rows, "excludeFromLatest": excluded}}}


@pytest.mark.parametrize(
    ("versions", "given"),
    [
        ({"1.0.0": False, "1.10.0": False, "1.9.9": False}, "1.10.0"),
        ({"1.0.0": False, "1.10.0": True, "1.9.9": False}, "1.9.9"),
        ({"1.0.0": True, "1.10.0": True, "1.9.9": True}, None),
    ],
)
def test_latest_is_by_number_and_passes_over_the_excluded(versions: dict[str, bool], given: str | None) -> None:
    """The test vectors of FACTS VEC-001."""
    documents = {name: published("East US", excluded=out) for name, out in versions.items()}
    assert picks(documents, ["eastus"])["eastus"] == (Pick(given, here=True) if given else None)


def test_the_flag_of_a_region_wins() -> None:
    """Excluded in one region only: the older version steps in there (FACTS VER-005)."""
    documents = {
        "1.0.0": published("East US", "West US"),
        "2.0.0": published("East US", "West US", excluded_in="West US"),
    }
    assert picks(documents, ["eastus", "westus"]) == {
        "eastus": Pick("2.0.0", True),
        "westus": Pick("1.0.0", True),
    }


def test_an_older_version_does_not_stand_in_for_a_missing_replica() -> None:
    """The newest version must have a replica in the region, else nothing is given (FACTS VER-006)."""
    documents = {"1.0.0": published("East US", "West US"), "2.0.0": published("East US")}
    assert picks(documents, ["westus"]) == {"westus": Pick("2.0.0", here=False)}


def test_matrix_shows_replicas_storage_and_latest() -> None:
    """Every version has a row, every region a column, and `latest` its cells and its line."""
    documents = {
        **gallery_of("web"),
        **version("1.0.0", regions={"East US": 2, "West Europe": 1}),
        **version("1.1.0", regions={"East US": 3}),
        **version("1.2.0", regions={"East US": 1}, excludeFromLatest=True, endOfLifeDate="2030-01-01T00:00:00"),
    }
    picture = gallery(documents, PICS.upper())
    words = all_words(picture.dot)
    assert "version eastus westeurope storage" in words
    assert "1.2.0 ×1 – Standard_LRS excluded, ends 2030-01-01" in words
    assert "1.1.0 ×3 latest – Standard_LRS 1.0.0 ×2 ×1 Standard_LRS" in words
    assert "latest gives 1.1.0 × 1.1.0 is not here" in words
    assert "`latest` gives 1.1.0 in eastus; nothing (1.1.0 is not replicated) in westeurope." in picture.twin


def test_forty_versions_fold_in_the_matrix_too() -> None:
    """Eight rows and a line, in drawing and words."""
    picture = gallery(MANY, PICS)
    assert "and 32 older versions" in picture.dot
    assert "and 32 older versions" in picture.twin
    assert "1.31.0" not in picture.dot


def test_many_regions_fold_those_with_fewest_replicas() -> None:
    """Five columns from A to Z; those with most replicas are kept."""
    wide = version("1.0.0", regions={f"Region {n}": 1 for n in range(9)}) | version("1.1.0", regions={"Region 8": 1})
    words = all_words(gallery({**gallery_of("web"), **wide}, PICS).dot)
    assert "version region0 region1 region2 region3 region8 storage and 4 more regions" in words


def test_home_and_the_regions_with_more_replicas_are_never_folded() -> None:
    """The version is at home in East US; region7 holds two replicas; the words name what is folded."""
    places = {f"Region {n}": 1 + (n == 7) for n in range(8)}
    picture = gallery({**gallery_of("web"), **version("1.0.0", regions={**places, "East US": 1})}, PICS)
    assert "version eastus region0 region1 region2 region7 storage and 4 more regions" in all_words(picture.dot)
    assert "and 4 more regions: region3, region4, region5, region6" in picture.twin


def test_regions_stand_in_one_order_whatever_the_versions() -> None:
    """A further version does not move the columns of a gallery."""
    first = {**gallery_of("web"), **version("1.0.0", regions={"West US": 1, "South US": 2, "East US": 1})}
    second = {**first, **version("1.1.0", regions={"West US": 3, "South US": 1})}
    for documents in (first, second):
        assert "version eastus southus westus storage" in all_words(gallery(documents, PICS).dot)


def test_gallery_shows_only_the_one_asked_for() -> None:
    """Neither VMs nor other galleries stand in it; definitions without versions say so."""
    words = all_words(gallery({**LAB, **gallery_of("far", name="other")}, PICS).dot)
    assert "golden" not in words
    assert "far" not in words
    assert "contoso / web / desktop no versions yet" in words


def test_a_gallery_that_is_not_there_is_answered_with_those_that_are() -> None:
    """The message names what was asked and what there is."""
    with pytest.raises(LookupError, match=r"no gallery 'nowhere' here\. Galleries here: pics\."):
        gallery(LAB, rid(GALLERY, "nowhere"))
    with pytest.raises(LookupError, match="no gallery 'golden' here"):
        gallery(LAB, GOLDEN)
    with pytest.raises(LookupError, match="no gallery 'web' here"):
        gallery(LAB, rid(DEFINITION, "pics", "web"))
