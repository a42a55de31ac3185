"""What no database takes, typed in the console: taken out; what holds nothing else is a fault of its field."""

import pytest

from zhengtong.people.identity.models import Organisation

pytestmark = pytest.mark.django_db


def test_a_form_finds_its_own_faults_and_keeps_the_rest(system):
    answer = system.post("organisations/add/", 422, name_zh="\x00", name_en="Bureau\x00 of Trade")
    page = answer.content.decode()
    assert "Bureau of Trade" in page
    assert 'aria-invalid="true"' in page
    assert not Organisation.objects.filter(name_en="Bureau of Trade").exists()


@pytest.mark.parametrize(
    "page", ["accounts/?name=%00", "search/?q=%E5%B1%80%00", "starts/?before=%00", "keys/?before=%00"]
)
def test_a_query_is_read_without_its_nul(system, page):
    system.get(page)


def test_an_address_cannot_be_read(system):
    assert "没有看懂发来的内容" in system.get("models/%00/", 400).content.decode()
