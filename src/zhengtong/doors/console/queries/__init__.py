"""What pages of the console are drawn from."""

from zhengtong.doors.console.queries.rulebooks import Difference, compare, drawn_boxes, model_of, questions
from zhengtong.doors.console.queries.years import year_figures, year_months

__all__ = ["Difference", "compare", "drawn_boxes", "model_of", "questions", "year_figures", "year_months"]
