"""How a register declares itself."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from zhengtong.foundation import policy
from zhengtong.foundation.core.registry import Shelf, registry

READ_REGISTERS = policy.declare_permission("register.read", _("Read official records"))


@dataclass(frozen=True)
class Column:
    """One entry of a record: its key in the data, its names, whether it is masked on screens."""

    key: str
    zh: str
    en: str
    masking: str = ""


@dataclass(frozen=True)
class Register:
    """A register: who keeps it, whom it is about (`person` or `organisation`), what stands in it."""

    name: str
    zh: str
    en: str
    keeper_zh: str
    keeper_en: str
    about: str
    columns: tuple[Column, ...]


registers: Shelf[Register] = registry.shelf("registers")


def declare(register: Register) -> Register:
    """Put a register on the shelf."""
    return registers.add(register.name, register)


_REPRESENTATIVE_NUMBER = Column("representative_number", "法定代表人证件号", "Representative's number", "id_number")
BUSINESS_LICENCE = declare(
    Register(
        "business-licence",
        "市场主体登记",
        "Register of market entities",
        "市场监管部门",
        "Market regulation",
        "organisation",
        (
            Column("name", "名称", "Name"),
            Column("credit_code", "统一社会信用代码", "Unified social credit code"),
            Column("address", "住所", "Registered address"),
            Column("legal_representative", "法定代表人", "Legal representative"),
            _REPRESENTATIVE_NUMBER,
            Column("scope", "经营范围", "Scope of business"),
        ),
    )
)
RESIDENT = declare(
    Register(
        "resident",
        "户籍登记",
        "Register of residents",
        "公安机关",
        "Public security",
        "person",
        (
            Column("name", "姓名", "Name"),
            Column("number", "公民身份号码", "Identity number", "id_number"),
            Column("residence", "户籍地址", "Registered residence", "address"),
            Column("division", "户籍所在区划", "Division of residence"),
        ),
    )
)
REAL_ESTATE = declare(
    Register(
        "real-estate",
        "不动产登记",
        "Register of real estate",
        "自然资源部门",
        "Natural resources",
        "organisation",
        (
            Column("address", "坐落", "Address"),
            Column("area", "建筑面积", "Floor area"),
            Column("right", "权利类型", "Kind of right"),
            Column("certificate", "权证号", "Certificate"),
        ),
    )
)
HEALTH_CERTIFICATES = declare(
    Register(
        "health-certificates",
        "健康证明",
        "Health certificates",
        "卫生健康部门",
        "Health authority",
        "organisation",
        (Column("people", "人员", "People"), Column("count", "人数", "How many")),
    )
)
