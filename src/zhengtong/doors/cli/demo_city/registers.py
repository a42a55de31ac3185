"""What other authorities know of the city's people and enterprises, as their registers would say it."""

import datetime as dt

from zhengtong.doors.cli.demo_city.people import LONG_AGO, City
from zhengtong.foundation.policy import SYSTEM
from zhengtong.records.registers import services


def fill_registers(city: City) -> None:
    """Enter everybody: residents, business licences, premises, health certificates."""
    for number, person in enumerate(city.people):
        _enter(
            "resident",
            ("person", person.id),
            f"R{number:05d}",
            name=person.name,
            number=person.document_number,
            residence=person.address or f"北京市示范区四季街道 {number + 1} 号院",
            division=person.division_code[:6],
        )
    for number, enterprise in enumerate(city.enterprises):
        owner, where = city.people[number], city.addresses[enterprise.id]
        subject = ("organisation", enterprise.id)
        _enter(
            "business-licence",
            subject,
            enterprise.uscc or "",
            name=enterprise.name_zh,
            credit_code=enterprise.uscc,
            address=where,
            legal_representative=owner.name,
            representative_number=owner.document_number,
            scope="餐饮服务；食品销售",
        )
        _enter(
            "real-estate",
            subject,
            f"京(2021)示不动产权第{number:07d}号",
            address=where,
            area=84.6 if number == 0 else 35 + 5 * (number % 12),
            right="国有建设用地使用权/房屋所有权",
            certificate=f"京(2021)示不动产权第{number:07d}号",
        )
        staff = [city.people[(number + step) % len(city.people)].name for step in range(4)]
        _enter("health-certificates", subject, f"H{number:05d}", people="、".join(staff), count=len(staff))


def _enter(register: str, subject: tuple[str, int], entry: str, /, **data: object) -> None:
    services.enter_record(
        by=SYSTEM,
        register=register,
        subject=subject,
        number=entry,
        data=data,
        valid_from=max(LONG_AGO, dt.date(2021, 3, 1)),
        imported=True,
    )
