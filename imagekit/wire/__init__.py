"""Azure Resource Manager over the wire: what real clients send is heard, and replied to as Azure does.

Nothing here opens a socket or knows a framework: `respond` turns one request as it came in into one reply. Clients in
the same process are given that by `cloud.azure()`, those of other processes by an endpoint in front of it.
"""

from imagekit.wire.messages import Heard, Reply
from imagekit.wire.responding import respond

__all__ = ["Heard", "Reply", "respond"]
