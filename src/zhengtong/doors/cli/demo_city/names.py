"""Names and numbers of the city, all made up, the same in every run."""
# ruff: noqa: E501 (a sentence reads best whole)

import datetime as dt
import random

from zhengtong.engines.codes import credit_code, identity_number

DISTRICT = "110108"
SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗"
GIVEN = ("伟", "芳", "娜", "敏", "静", "丽", "强", "磊", "洋", "艳", "勇", "杰", "娟", "涛", "明", "超", "霞", "平", "刚", "桂英",
         "建国", "海燕", "晓东", "雨桐", "子涵", "思远", "佳怡", "文博", "春梅", "志强")  # fmt: skip
STREETS = ("和平路", "文化街", "清河路", "学院路", "知春街", "建设路", "花园巷", "四季大街", "西苑路", "柳林街")
TRADES = (
    ("餐饮有限公司", "Catering Co., Ltd.", "catering", ("hot", "drinks")),
    ("小吃店", "Snack Bar", "catering", ("hot", "cold")),
    ("咖啡有限公司", "Coffee Co., Ltd.", "catering", ("drinks", "pastry")),
    ("食品商贸有限公司", "Food Trading Co., Ltd.", "sales", ("bulk", "prepackaged")),
    ("便利店", "Convenience Store", "sales", ("prepackaged", "bulk")),
)
SHOP_NAMES = ("福源", "春风", "聚贤", "一品", "金穗", "悦来", "同庆", "南湖", "晨曦", "百味", "云集", "小满", "稻香", "望京楼", "四海",
              "青禾", "鼎盛", "知味", "万家", "喜乐")  # fmt: skip


def person_name(number: int) -> str:
    """The name of the n-th person."""
    return SURNAMES[number % len(SURNAMES)] + GIVEN[(number * 7) % len(GIVEN)]


def person_number(number: int) -> str:
    """A resident number of the n-th person: valid in form, issued to nobody (sequence 9xx of invented days)."""
    birth = dt.date(1960, 1, 15) + dt.timedelta(days=number * 233 % 15_000)
    return identity_number(DISTRICT, birth, 900 + number % 99)


def enterprise_code(number: int) -> str:
    """A credit code of the n-th enterprise."""
    return credit_code("9", "1", DISTRICT, f"MA9X{number:04d}")


def address(number: int, chance: random.Random) -> str:
    """A shop's address in the district."""
    return f"示范区{STREETS[number % len(STREETS)]} {chance.randint(1, 199)} 号 1 层 {chance.randint(101, 120)} 室"
