"""Masking formats are those of the table, and nothing hidden can be read back."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhengtong.foundation import policy


@pytest.mark.parametrize(
    ("masker", "clear", "masked"),
    [
        (policy.mask_name, "张三", "张*"),
        (policy.mask_name, "王小明", "王**"),
        (policy.mask_name, "欧阳娜娜", "欧阳**"),
        (policy.mask_name, "欧阳", "欧*"),
        (policy.mask_id_number, "110108199003070024", "110108********0024"),
        (policy.mask_id_number_public, "110108199003070024", "1****************4"),
        (policy.mask_id_number, "E12345678", "E******78"),
        (policy.mask_phone, "13812345678", "138****5678"),
        (policy.mask_phone, "+8613812345678", "138****5678"),
        (policy.mask_phone, "010-88886621", "010-******21"),
        (policy.mask_phone, "01088886621", "010-******21"),
        (policy.mask_phone, "0371-65901234", "0371-******34"),
        (policy.mask_account, "6222021234566789", "************6789"),
        (policy.mask_email, "liming@example.gov.cn", "l***@example.gov.cn"),
        (policy.mask_address, "北京市海淀区中关村街道科学院南路2号", "北京市海淀区中关村街道****"),
        (policy.mask_address, "河南省新乡市红旗区东街街道胜利路1号", "河南省新乡市红旗区东街街道****"),
        (policy.mask_address, "江苏省镇江市京口区正东路街道中山路8号", "江苏省镇江市京口区正东路街道****"),
        (policy.mask_address, "浙江省杭州市西湖区灵隐路1号", "浙江省杭州市西湖区****"),
        (policy.mask_address, "广东省东莞市长安镇德政路218号", "广东省东莞市长安镇****"),
        (policy.mask_address, "不成地址的话", "****"),
        (policy.mask_birth_date, dt.date(1990, 3, 7), "1990-**-**"),
        (policy.mask_plate, "京A12345", "京A****5"),
    ],
)
def test_formats(masker, clear, masked):
    assert masker(clear) == masked


MASKERS = [
    policy.mask_name,
    policy.mask_id_number,
    policy.mask_id_number_public,
    policy.mask_phone,
    policy.mask_account,
    policy.mask_email,
    policy.mask_address,
    policy.mask_birth_date,
    policy.mask_plate,
]


@pytest.mark.parametrize("masker", MASKERS)
def test_nothing_stays_nothing(masker):
    assert masker(None) == ""
    assert masker("") == ""


@pytest.mark.parametrize("masker", MASKERS)
@given(text=st.text(st.characters(exclude_characters="*"), min_size=1, max_size=40))
def test_never_the_clear_text(masker, text):
    # a single character is a surname; a lone surname hides nothing, nor do stars
    if masker is policy.mask_name and len(text) == 1:
        return
    assert masker(text) != text or set(text) <= {"*"} or masker(text).count("*") >= 3
