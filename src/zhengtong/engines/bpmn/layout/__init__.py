"""Draw a model that has no drawing: where each shape stands and how each line runs, the same for the same model."""

from zhengtong.engines.bpmn.layout.boxes import Box, Picture, Point
from zhengtong.engines.bpmn.layout.drawing import lay_out
from zhengtong.engines.bpmn.layout.interchange import drawn_whole, with_diagram

__all__ = ["Box", "Picture", "Point", "drawn_whole", "lay_out", "with_diagram"]
