"""Every table of numbers of the domain: identity, credit, item, case, licence and division codes."""

from datetime import date

import pytest

from zhengtong.engines.codes import (
    CodeError,
    Division,
    DivisionTable,
    Level,
    Sex,
    basic_code,
    credit_code,
    exchange_number,
    handling_item_code,
    identity_number,
    implementation_code,
    is_credit_code,
    licence_identifier,
    next_version,
    number_template,
    organisation_code,
    package_divisions,
    parse_basic_code,
    parse_credit_code,
    parse_division_code,
    parse_exchange_number,
    parse_handling_item_code,
    parse_identity_number,
    parse_implementation_code,
    parse_item_code,
    parse_licence_identifier,
    parse_licence_type_code,
    parse_organisation_code,
    parse_short_number,
    short_number,
    tidy,
    upgrade_identity_number,
)

TODAY = date(2025, 3, 3)
DAY = date(2025, 3, 3)
FOOD_LICENCE = "1111010800000102XJ4110131004000"


@pytest.mark.parametrize(
    ("text", "sex", "birth", "age"),
    [
        ("11010519491231002X", Sex.FEMALE, date(1949, 12, 31), 75),
        ("110108199003070024", Sex.FEMALE, date(1990, 3, 7), 34),
        ("110108198505121237", Sex.MALE, date(1985, 5, 12), 39),
        ("370102197808154517", Sex.MALE, date(1978, 8, 15), 46),
        ("110108201506010031", Sex.MALE, date(2015, 6, 1), 9),
    ],
)
def test_identity_numbers(text: str, sex: Sex, birth: date, age: int) -> None:
    parsed = parse_identity_number(text, today=TODAY)
    assert (parsed.text, parsed.sex, parsed.birth, parsed.age_on(TODAY)) == (text, sex, birth, age)
    assert identity_number(parsed.region, parsed.birth, parsed.sequence) == text


def test_a_small_x_is_the_capital() -> None:
    assert parse_identity_number("11010519491231002x", today=TODAY).text == "11010519491231002X"


def test_a_former_number_is_for_old_records_only() -> None:
    assert upgrade_identity_number("110105491231002") == "11010519491231002X"
    with pytest.raises(CodeError) as refused:
        parse_identity_number("110105491231002", today=TODAY)
    assert refused.value.code == "codes.former_number"
    parsed = parse_identity_number("110105491231002", today=TODAY, accept_former=True)
    assert (parsed.text, parsed.former) == ("11010519491231002X", True)


def test_an_identity_number_does_not_show_itself() -> None:
    assert "19900307" not in repr(parse_identity_number("110108199003070024", today=TODAY))


@pytest.mark.parametrize(
    ("text", "code", "position"),
    [
        ("440524188001010014", "codes.birth_before_1900", "character 7"),
        ("110108202503040018", "codes.birth_in_future", "character 7"),
        ("110108199002300024", "codes.birth_date", "character 7"),
        ("990108199003070024", "codes.region", "character 1"),
        ("110108199003070025", "codes.check_digit", "character 18"),
        ("1101081990030700", "codes.length", "character 17"),
        ("11010819900307O024", "codes.character", "character 15"),
        ("11010819900307002Y", "codes.character", "character 18"),
        ("1101081990030700２4", "codes.full_width", "character 17"),
        ("11010819900307００24", "codes.full_width", "character 15"),
    ],
)
def test_wrong_identity_numbers(text: str, code: str, position: str) -> None:
    with pytest.raises(CodeError) as refused:
        parse_identity_number(text, today=TODAY)
    assert (refused.value.code, refused.value.position) == (code, position)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("91350100M000100Y43", "企业"),
        ("11110000000021135M", "机关"),
        ("11430000006122244L", "机关"),
        ("11110108000001011T", "机关"),
        ("1111010800000102XJ", "机关"),
        ("11110108000001038J", "机关"),
        ("11110108000001046D", "机关"),
        ("111101080000010548", "机关"),
        ("12110108000003017Q", "事业单位"),
        ("91110108MA01A0010B", "企业"),
        ("91110108MA01A00298", "企业"),
        ("91110108MA01A00373", "企业"),
    ],
)
def test_credit_codes(text: str, kind: str) -> None:
    parsed = parse_credit_code(text)
    assert (parsed.text, parsed.kind) == (text, kind)
    assert credit_code(parsed.department, parsed.category, parsed.region, parsed.organisation.body) == text
    assert organisation_code(parsed.organisation.body) == parsed.organisation.text


@pytest.mark.parametrize("letter", "IOSVZ")
def test_letters_that_credit_codes_never_use(letter: str) -> None:
    assert not is_credit_code(f"91350100M000100{letter}43")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("91350100M000100Y44", "codes.check_digit"),
        ("91350100M000100Y4", "codes.length"),
        ("01350100M000100Y43", "codes.department"),
        ("91990100M000100Y43", "codes.region"),
        ("9135010AM000100Y43", "codes.character"),
    ],
)
def test_wrong_credit_codes(text: str, code: str) -> None:
    with pytest.raises(CodeError) as refused:
        parse_credit_code(text)
    assert refused.value.code == code


def test_a_credit_code_holds_a_right_organisation_code() -> None:
    from zhengtong.engines.codes.check_characters import credit_check

    payload = "91350100M000100Y5"
    with pytest.raises(CodeError) as refused:
        parse_credit_code(payload + credit_check(payload))
    assert refused.value.code == "codes.organisation_check"


def test_organisation_codes() -> None:
    assert parse_organisation_code("00000102-X").text == parse_organisation_code("00000102X").text == "00000102X"
    assert parse_organisation_code("00000101-1").hyphenated == "00000101-1"
    with pytest.raises(CodeError) as refused:
        parse_organisation_code("00000102-1")
    assert (refused.value.code, refused.value.position) == ("codes.check_digit", "character 10")


def test_basic_code() -> None:
    parsed = parse_basic_code("000123008000")
    assert (parsed.region, parsed.item_type, parsed.department) == ("00", "01", "23")
    assert (parsed.main, parsed.sub) == ("008", "000")
    assert basic_code("00", "01", 23, 8) == "000123008000"


def test_implementation_codes() -> None:
    parsed = parse_implementation_code("11370800MB285591843370117002011")
    assert (parsed.implementer.text, parsed.level) == ("11370800MB28559184", "3")
    basic = parsed.basic
    assert (basic.region, basic.item_type, basic.department, basic.main, basic.sub) == ("37", "01", "17", "002", "011")
    assert implementation_code("1111010800000102XJ", 4, "110131004000") == FOOD_LICENCE
    assert handling_item_code(FOOD_LICENCE, 1) == FOOD_LICENCE + "01"
    assert parse_handling_item_code(FOOD_LICENCE + "02").handling_item == "02"


@pytest.mark.parametrize(
    ("text", "code", "position"),
    [
        (FOOD_LICENCE.replace("XJ4", "XJ7"), "codes.exercise_level", "character 19"),
        (FOOD_LICENCE.replace("J41101", "J41111"), "codes.item_type", "character 22"),
        (FOOD_LICENCE.replace("J411", "J499"), "codes.region", "character 20"),
        (FOOD_LICENCE.replace("XJ", "XK"), "codes.check_digit", "character 18"),
        (FOOD_LICENCE[:-1] + "A", "codes.character", "character 31"),
    ],
)
def test_wrong_implementation_codes(text: str, code: str, position: str) -> None:
    with pytest.raises(CodeError) as refused:
        parse_implementation_code(text)
    assert (refused.value.code, refused.value.position) == (code, position)


def test_handling_items_start_at_one() -> None:
    with pytest.raises(CodeError) as refused:
        parse_handling_item_code(FOOD_LICENCE + "00")
    assert refused.value.code == "codes.handling_item_zero"


def test_item_codes_of_any_layout_are_kept_with_their_faults() -> None:
    national = parse_item_code(FOOD_LICENCE)
    assert (national.layout, national.faults) == ("national", ())
    assert national.implementation == parse_implementation_code(FOOD_LICENCE)
    wrong = parse_item_code(FOOD_LICENCE.replace("XJ", "XK"))
    assert (wrong.layout, [fault.code for fault in wrong.faults]) == ("national", ["codes.check_digit"])
    local = parse_item_code("511A0138000000-511602000000-000-1111010800000102XJ-1-00")
    assert (local.layout, [fault.code for fault in local.faults]) == ("external", ["codes.item_layout"])
    assert (local.item, local.handling_item) == ("511A0138000000", "00")
    assert local.region == parse_division_code("511602")
    assert local.implementer == parse_credit_code("1111010800000102XJ")
    faulty = parse_item_code("G-000007-001-999602000000-000-115113010833722044-1-00")
    assert faulty.item == "G-000007-001"
    assert [fault.code for fault in faulty.faults] == [
        "codes.item_layout",
        "codes.local_region",
        "codes.local_implementer",
    ]
    assert faulty.faults[2].position == "character 31"
    assert "校验码对不上" in faulty.faults[2].text()
    assert "check character" in faulty.faults[2].text("en")
    strange = parse_item_code("乱码 no. 1")
    assert (strange.text, strange.layout) == ("乱码 no. 1", "external")


def test_case_numbers() -> None:
    first = exchange_number(FOOD_LICENCE, DAY, 1)
    assert first == "1111010800000102XJ411013100400025030300001"
    assert len(first) == 42
    read = parse_exchange_number(first)
    assert (read.places["implement_code"], read.day, read.serial) == (FOOD_LICENCE, DAY, 1)
    assert short_number("110108", DAY, 1) == "110108202503030001"
    assert parse_short_number("110108202503030001").places["region"] == "110108"


@pytest.mark.parametrize(("serial", "tail"), [(9999, "9999"), (10_000, "10000"), (123_456, "123456")])
def test_serials_grow(serial: int, tail: str) -> None:
    number = short_number("110108", DAY, serial)
    assert number == "11010820250303" + tail
    assert parse_short_number(number).serial == serial
    assert parse_exchange_number(exchange_number(FOOD_LICENCE, DAY, serial * 10)).serial == serial * 10


def test_a_padded_serial_longer_than_its_width_is_no_number() -> None:
    with pytest.raises(CodeError):
        parse_short_number("11010820250303" + "00001")
    with pytest.raises(CodeError):
        parse_short_number("11010820250303" + "0000")


def test_templates_are_configurable() -> None:
    number = short_number("110108", DAY, 7, template="海{yyyy}-{seq:03d}号")
    assert number == "海2025-007号"
    assert parse_short_number(number, template="海{yyyy}-{seq:03d}号").serial == 7
    assert number_template("{region}{yyyymmdd}{seq:04d}").key(day=DAY, region="110108") == "11010820250303*"


@pytest.mark.parametrize(
    ("template", "position"),
    [
        ("{region}", "character 9"),
        ("{seq:04d}{region}", "character 10"),
        ("{seq:04d}1", "character 10"),
        ("{seq}{seq}", "character 6"),
        ("{region}{region}{seq}", "character 9"),
        ("{region.__class__}{seq}", "character 1"),
        ("{colour}{seq}", "character 1"),
        ("{region:04d}{seq}", "character 1"),
        ("{{}}{seq}", "character 1"),
    ],
)
def test_wrong_templates(template: str, position: str) -> None:
    with pytest.raises(CodeError) as refused:
        number_template(template)
    assert (refused.value.code, refused.value.position) == ("codes.template", position)


def test_licence_identifiers() -> None:
    published = "1.2.156.3005.2.11100000000013338W011.11430000006122244L.20230000403.001.U"
    read = parse_licence_identifier(published)
    assert (read.serial, read.version, read.check) == ("20230000403", 1, "U")
    assert licence_identifier(read.type_code, read.issuer, read.serial) == published
    fictional = "1.2.156.3005.2.1110000000000401XA001.11110108000001038J.2025000001.001.0"
    assert parse_licence_identifier(fictional).text == fictional
    assert next_version(fictional).endswith(".2025000001.002.Y")
    s03 = licence_identifier("1110000000000401XA001", "1111010800000102XJ", "2025000123")
    assert s03 == "1.2.156.3005.2.1110000000000401XA001.1111010800000102XJ.2025000123.001.D"
    assert next_version(s03).endswith(".002.B")
    assert parse_licence_type_code("1110000000000401XA001") == ("1110000000000401XA", "001")


def test_a_six_digit_issuer_is_taken_leniently_only() -> None:
    sample = "1.2.156.3005.2.11100000MB03271699022.340100.000000016.001.9"
    assert parse_licence_identifier(sample, lenient=True).issuer == "340100"
    with pytest.raises(CodeError) as refused:
        parse_licence_identifier(sample)
    assert refused.value.code == "codes.licence_issuer"
    assert "18" in refused.value.text()


def test_version_999_is_the_last() -> None:
    last = licence_identifier("1110000000000401XA001", "1111010800000102XJ", "2025000123", 999)
    with pytest.raises(CodeError) as refused:
        next_version(last)
    assert refused.value.code == "codes.version_exhausted"


@pytest.mark.parametrize(
    ("code", "name", "level", "parent"),
    [
        ("110000", "北京市", Level.PROVINCE, None),
        ("110101", "东城区", Level.COUNTY, "110000"),
        ("110102", "西城区", Level.COUNTY, "110000"),
        ("110105", "朝阳区", Level.COUNTY, "110000"),
        ("110106", "丰台区", Level.COUNTY, "110000"),
        ("110108", "海淀区", Level.COUNTY, "110000"),
        ("110114", "昌平区", Level.COUNTY, "110000"),
        ("310000", "上海市", Level.PROVINCE, None),
        ("370102", "历下区", Level.COUNTY, "370100"),
        ("440300", "深圳市", Level.PREFECTURE, "440000"),
        ("610100", "西安市", Level.PREFECTURE, "610000"),
        ("419001", "济源市", Level.COUNTY, "410000"),
        ("500229", "城口县", Level.COUNTY, "500000"),
        ("441900", "东莞市", Level.PREFECTURE, "440000"),
    ],
)
def test_divisions(code: str, name: str, level: Level, parent: str | None) -> None:
    parsed = parse_division_code(code)
    assert (parsed.level, parsed.parent and parsed.parent.text) == (level, parent)
    assert package_divisions().get(code, DAY).name == name


def test_statistical_codes() -> None:
    village = parse_division_code("110108001002")
    assert [step.text for step in village.ancestors] == ["110000", "110108", "110108001"]
    assert parse_division_code("110108000000") == parse_division_code("110108")
    assert parse_division_code("110108").long == "110108000000"
    assert parse_division_code("110100").virtual
    assert [step.text for step in parse_division_code("441900003").ancestors] == ["440000", "441900"]
    assert [step.text for step in parse_division_code("460035").ancestors] == ["460000"]
    assert village.within(parse_division_code("110000"))
    assert not village.within(parse_division_code("110105"))


def test_division_names_and_children() -> None:
    table = package_divisions()
    assert table.full_name("370102", DAY) == "山东省济南市历下区"
    assert table.full_name("110108", DAY) == "北京市海淀区"
    assert len(table.children(None, DAY)) == 34
    assert len(table.children("110000", DAY)) == 16
    assert "济源市" in {division.name for division in table.children("410000", DAY)}
    assert all(len(parse_division_code(division.code).ancestors) < 3 for division in table)


def test_divisions_change_in_time() -> None:
    merged_on = date(2010, 7, 1)
    table = DivisionTable(
        [
            Division("110103", "崇文区", None, merged_on, ("110101",)),
            Division("110101", "东城区"),
            Division("110000", "北京市"),
        ]
    )
    assert table.get("110103", date(2010, 6, 30)).name == "崇文区"
    assert table.find("110103", merged_on) is None
    assert table.successors("110103") == table.successors("110101") == ("110101",)
    with pytest.raises(CodeError) as refused:
        table.get("110103", merged_on)
    assert refused.value.code == "codes.division_unknown"


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        ([Division("110101", "甲"), Division("110101", "乙", date(2020, 1, 1))], "codes.division_overlap"),
        ([Division("110101", "甲", date(2020, 1, 1), date(2019, 1, 1))], "codes.division_dates"),
        ([Division("110000001", "甲")], "codes.division_level"),
        ([Division("990101", "甲")], "codes.region"),
        ([Division("1101", "甲")], "codes.length"),
    ],
)
def test_wrong_division_tables(rows: list[Division], code: str) -> None:
    with pytest.raises(CodeError) as refused:
        DivisionTable(rows)
    assert refused.value.code == code


def test_tidy_reads_what_people_type() -> None:
    assert tidy(" １１０１０５ １９４９１２３１ ００２x ") == "11010519491231002X"
