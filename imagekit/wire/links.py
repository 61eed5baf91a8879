"""Where a reply says to go on: to the host that was asked, and after how many seconds."""

from __future__ import annotations

from imagekit.wire.messages import HOME, Heard, Reply

# az takes 0 for nothing said and waits 30 s (azure-cli 2.91); the first look finds the work done, so nobody waits long.
RETRY_AFTER = "1"
_LINKS = ("Azure-AsyncOperation", "Location")


def linked(heard: Heard, said: Reply) -> Reply:
    """A reply whose headers of a long-running operation lead to the host that was asked."""
    found = {name: said.headers[name] for name in _LINKS if name in said.headers}
    if not found:
        return said
    leading = {name: url.replace(HOME, heard.base, 1) for name, url in found.items()}
    return Reply(said.status, {**said.headers, **leading, "Retry-After": RETRY_AFTER}, said.body)


__all__ = ["linked"]
