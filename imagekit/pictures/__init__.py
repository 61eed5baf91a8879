"""Documents drawn with Graphviz: plain ARM JSON in, a `Picture` out, each with a text twin."""

from imagekit.pictures.boot import first_boot
from imagekit.pictures.comparison import comparison
from imagekit.pictures.cost import cost
from imagekit.pictures.decision import decision_path
from imagekit.pictures.maps import changes, lineage, subscription_map
from imagekit.pictures.matrix import gallery
from imagekit.pictures.permissions import permission_graph
from imagekit.pictures.picture import Picture
from imagekit.pictures.pipeline import pipeline
from imagekit.pictures.replication import replication
from imagekit.pictures.sharing import sharing
from imagekit.pictures.sizes import sizes
from imagekit.pictures.timeline import timeline
from imagekit.pictures.world_map import world_map

__all__ = [
    "Picture",
    "changes",
    "comparison",
    "cost",
    "decision_path",
    "first_boot",
    "gallery",
    "lineage",
    "permission_graph",
    "pipeline",
    "replication",
    "sharing",
    "sizes",
    "subscription_map",
    "timeline",
    "world_map",
]
