"""Documents drawn with Graphviz: plain ARM JSON in, a `Picture` out, each with a text twin."""

from imagekit.pictures.maps import changes, lineage, subscription_map
from imagekit.pictures.matrix import gallery
from imagekit.pictures.picture import Picture

__all__ = ["Picture", "changes", "gallery", "lineage", "subscription_map"]
