"""Documents drawn with Graphviz: plain ARM JSON in, a `Picture` out, each with a text twin."""

from imagekit.pictures.maps import changes, lineage, subscription_map
from imagekit.pictures.matrix import gallery
from imagekit.pictures.permissions import permission_graph
from imagekit.pictures.picture import Picture
from imagekit.pictures.pipeline import pipeline
from imagekit.pictures.timeline import timeline

__all__ = [
    "Picture",
    "changes",
    "gallery",
    "lineage",
    "permission_graph",
    "pipeline",
    "subscription_map",
    "timeline",
]
