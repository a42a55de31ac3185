"""The papers that applicants of the city hand in, drawn once: a floor plan as a picture, house rules as a PDF."""

import functools
from typing import Literal

import typst

FONTS = 'set text(font: ("Noto Sans CJK SC", "Noto Sans SC"), lang: "zh", size: 11pt)'

PLAN = """
#set page(width: 190mm, height: 130mm, margin: 8mm, fill: rgb("#fffef8"))
#FONTS
#align(center, text(weight: "bold", size: 14pt)[经营场所平面布局图])
#let room(x, y, w, h, name, area) = place(top + left, dx: x * 1mm, dy: y * 1mm, rect(
  width: w * 1mm, height: h * 1mm, stroke: 1.2pt + rgb("#16262e"),
  align(center + horizon)[#name \\ #area m²]))
#place(top + left, dy: 12mm, box(width: 174mm, height: 98mm, {
  place(top + left, rect(
    width: 86mm, height: 98mm, stroke: 1.2pt + rgb("#16262e"), align(center + bottom)[用餐区 42 m²]))
  room(86, 0, 38, 36, [备餐], [8])
  room(124, 0, 50, 36, [烹饪区], [16])
  room(86, 36, 88, 34, [清洗消毒], [9])
  room(86, 70, 88, 28, [食材库], [5])
  for row in (14, 38, 62) { for column in (10, 42) {
    place(top + left, dx: column * 1mm, dy: row * 1mm, rect(width: 20mm, height: 14mm, stroke: 0.6pt)) } }
}))
"""

RULES = """
#set page(paper: "a4", margin: 25mm)
#FONTS
#align(center, text(weight: "bold", size: 16pt)[食品安全规章制度])
#v(8mm)
+ 从业人员健康管理：上岗前取得健康证明，每日晨检，有发热、腹泻、手部破损的当日不接触食品。
+ 进货查验：查验供货者许可和产品合格证明，留存票据不少于二年。
+ 清洗消毒：餐饮具用后即洗即消毒，消毒记录每日填写，消毒柜每周校验。
+ 加工操作：生熟分开，烧熟煮透，中心温度不低于七十摄氏度。
+ 废弃物处置：分类存放、日产日清，餐厨废弃物交由有资质的单位收运。
"""


@functools.cache
def floor_plan() -> bytes:
    """A PNG of a small restaurant."""
    return _compiled(PLAN, "png")


@functools.cache
def house_rules() -> bytes:
    """A PDF of one page."""
    return _compiled(RULES, "pdf")


def _compiled(source: str, form: Literal["pdf", "png"]) -> bytes:
    return typst.compile(source.replace("#FONTS", f"#{FONTS}").encode(), format=form, ppi=60)
