"""The practice cloud for clients of other processes: Azure Resource Manager on this machine alone, over HTTPS.

What stands here is the door: who may knock, how loudly, and where tokens come from. What is said behind it is heard by
`imagekit.wire`. Needs starlette, uvicorn and trustme (pip install 'imagekit[serve]').
"""

from imagekit.endpoint.serving import Serving

__all__ = ["Serving"]
