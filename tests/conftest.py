"""What all tests share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import settings

# They are run by an azure-cli, or beside one (make judge), and need what only an azure-cli brings along.
collect_ignore = ["az_recording.py", "judge"]

# A loaded machine is no bug: how long an example takes is measured by benchmarks/, never asserted here.
settings.register_profile("imagekit", deadline=None, print_blob=True)
settings.load_profile("imagekit")


@pytest.fixture(scope="session", autouse=True)
def own_folders(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Notebooks run here must not read, nor fill, the IPython profile or the progress of whoever runs the tests."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("IPYTHONDIR", str(tmp_path_factory.mktemp("ipython")))
        patch.setenv("IMAGEKIT_PROGRESS", "off")
        yield
