"""`zhengtong bpmn`: what a file is, whether it is sound, and how it runs; status 0 only when all is well."""

import json
import os
import pathlib

import pytest
from click.testing import CliRunner, Result

from engines.bpmn_drawing import adhoc, chain, document, flow, message, node, script, service, signal, task, timer
from engines.bpmn_faulty import END, FAULTS, FORK, SOUND, START, inner, parallel
from engines.test_bpmn_pools import CITIZEN, FLOWS, OFFICE, pools
from zhengtong.doors.cli.main import program


def run(*arguments: object) -> Result:
    return CliRunner().invoke(program, ["bpmn", *map(str, arguments)])


@pytest.fixture
def write(tmp_path: pathlib.Path):
    def written(name: str, *body: str) -> pathlib.Path:
        path = tmp_path / f"{name}.bpmn"
        path.write_bytes(document(*body))
        return path

    return written


def completed(result: Result) -> list[str]:
    return [json.loads(line)["element"] for line in result.stdout.splitlines()]


# check


def test_one_object_a_file_says_whether_it_is_read_executed_and_sound(write, tmp_path: pathlib.Path) -> None:
    write("a-sound", *SOUND["a choice and its merge"])
    write("b-faulty", *FAULTS["an island"][0])
    write("c-refused", START, END, node("serviceTask", "t"), chain("s", "t", "e"))
    (tmp_path / "d-broken.bpmn").write_text("<definitions", encoding="utf-8")
    result = run("check", tmp_path, "--json")
    told = [json.loads(line) for line in result.stdout.splitlines()]
    assert [(t["importable"], t["executable"], t["soundness"]) for t in told] == [
        (True, True, "sound"),
        (True, True, "unsound"),
        (True, False, None),
        (False, False, None),
    ]
    assert [pathlib.Path(t["file"]).name[0] for t in told] == ["a", "b", "c", "d"]
    (fault,) = told[1]["findings"]
    assert (fault["code"], fault["elements"], fault["process"]) == ("soundness.unreachable", ["b", "c"], "p")
    assert result.exit_code == 1


@pytest.mark.parametrize(
    ("name", "status"),
    [
        ("a parallel split and its join", 0),
        ("a parallel split joined by an exclusive gateway does what follows twice", 1),
    ],
)
def test_the_status_says_whether_there_is_a_fault(write, name: str, status: int) -> None:
    body = SOUND.get(name) or FAULTS[name][0]
    assert run("check", write("model", *body)).exit_code == status


def test_undecided_is_said_and_is_no_fault(write) -> None:
    body = [START, END, task("a"), node("exclusiveGateway", "x"), chain("s", "a", "x")]
    file = write("model", *body, flow("x", "e", "count(items) < 4"), flow("x", "a", "count(items) > 3"))
    result = run("check", file, "--json")
    told = json.loads(result.stdout)
    assert (told["soundness"], result.exit_code) == ("undecided", 0)
    assert [finding["blocking"] for finding in told["findings"]] == [False]
    assert "undecided" in run("check", file).stdout


def test_a_folder_without_models_is_no_success(tmp_path: pathlib.Path) -> None:
    assert run("check", tmp_path).exit_code == 1


def test_in_a_folder_models_are_known_by_every_usual_ending_and_each_has_its_object(
    write, tmp_path: pathlib.Path
) -> None:
    whole = write("a", *SOUND["a choice and its merge"]).read_bytes()
    for name in ("b.bpmn20.xml", "c.BPMN", "d.bpmn2"):
        (tmp_path / name).write_bytes(whole)
    (tmp_path / "folder.bpmn").mkdir()
    (tmp_path / "folder.bpmn" / "e.bpmn").write_bytes(whole)
    (tmp_path / "notes.xml").write_bytes(whole)
    told = [json.loads(line) for line in run("check", tmp_path, "--json").stdout.splitlines()]
    assert [pathlib.Path(each["file"]).name[0] for each in told] == ["a", "b", "c", "d", "e"]
    assert all(each["executable"] for each in told)


def test_a_file_that_cannot_be_opened_has_its_object_too(write, tmp_path: pathlib.Path) -> None:
    (tmp_path / "a.bpmn").symlink_to("nowhere")
    (tmp_path / "b.bpmn").symlink_to("b.bpmn")
    write("c", *SOUND["a choice and its merge"])
    result = run("check", tmp_path, "--json")
    told = [json.loads(line) for line in result.stdout.splitlines()]
    assert [each["importable"] for each in told] == [False, False, True]
    assert [finding["code"] for finding in told[0]["findings"]] == ["bpmn.unreadable"]
    assert told[0].keys() == told[2].keys()
    assert result.exit_code == 1


def test_a_name_that_is_no_text_is_shown_as_far_as_it_can_be(write, tmp_path: pathlib.Path) -> None:
    whole = write("a", *SOUND["a choice and its merge"])
    whole.rename(os.fsdecode(os.fsencode(tmp_path) + b"/\xff.bpmn"))
    told = json.loads(run("check", tmp_path, "--json").stdout)
    assert told["file"].endswith("/\ufffd.bpmn")
    assert run("check", tmp_path).exit_code == 0


def test_people_are_told_the_line_and_the_sentence_in_their_language(write) -> None:
    file = write("model", *FAULTS["an island"][0])
    assert "b, c can never be carried out" in run("check", file).stdout
    chinese = CliRunner().invoke(program, ["--lang", "zh-hans", "bpmn", "check", str(file)]).stdout
    assert "永远不会执行" in chinese


# trace


def test_tasks_are_completed_in_the_order_in_which_they_came_about(write) -> None:
    body = [*FORK, parallel("j"), task("c"), chain("a", "c", "j"), chain("b", "j", "e")]
    result = run("trace", write("model", *body))
    lines = [json.loads(line) for line in result.stdout.splitlines()]
    assert [line["element"] for line in lines] == ["a", "b", "c"]
    assert [(line["number"], line["tag"], line["after"]) for line in lines] == [
        (1, "userTask", []),
        (2, "userTask", []),
        (3, "userTask", [1]),
    ]
    assert result.exit_code == 0


def test_what_data_and_outcomes_decide_is_followed(write) -> None:
    body = [START, END, task("t", "no yes"), node("exclusiveGateway", "x", default="x_e"), service("a"), service("b")]
    body += [chain("s", "t", "x"), flow("x", "a", 'outcome = "yes" and v > 1'), flow("x", "b", 'outcome = "yes"')]
    file = write("model", *body, flow("x", "e"), chain("a", "e"), chain("b", "e"))
    assert completed(run("trace", file)) == ["t"]
    assert completed(run("trace", file, "--data", '{"outcome": "yes", "v": 2}')) == ["t", "a"]
    assert completed(run("trace", file, "--data", '{"outcome": "yes"}')) == ["t", "b"]


def test_a_sub_process_is_completed_after_what_stands_in_it(write) -> None:
    body = [START, END, chain("s", "w", "z", "e"), task("z"), inner("w", task("a"), chain("ws", "a", "we"))]
    lines = [json.loads(line) for line in run("trace", write("model", *body)).stdout.splitlines()]
    assert [(line["element"], line["after"]) for line in lines] == [("a", []), ("w", [1]), ("z", [2])]


def test_events_happen_when_no_task_waits(write) -> None:
    caught = [node("intermediateCatchEvent", "m", message()), node("intermediateCatchEvent", "w", timer())]
    file = write("model", START, END, *caught, task("a"), chain("s", "m", "w", "a", "e"))
    result = run("trace", file)
    assert (completed(result), result.exit_code) == (["a"], 0)


def test_what_an_ad_hoc_sub_process_offers_is_started_once_and_again_until_it_is_over(write) -> None:
    offered = task("a") + task("b") + node("intermediateCatchEvent", "m", message()) + chain("b", "m")
    at_will = write("at-will", START, END, adhoc("h", offered), chain("s", "h", "e"))
    result = run("trace", at_will)
    assert (completed(result), result.exit_code) == (["a", "b", "h"], 0)
    until = adhoc("h", script("a", "n + 1", zt_result="n"), until="n = 3", ordering="Sequential")
    result = run("trace", write("until", START, END, until, chain("s", "h", "e")), "--data", '{"n": 0}')
    assert (completed(result), result.exit_code) == (["a", "a", "a", "h"], 0)


def test_the_pools_of_a_collaboration_run_together(tmp_path: pathlib.Path) -> None:
    file = tmp_path / "pools.bpmn"
    file.write_bytes(pools(CITIZEN, OFFICE, FLOWS))
    result = run("trace", file)
    lines = [json.loads(line) for line in result.stdout.splitlines()]
    assert [(line["process"], line["element"], line["after"]) for line in lines] == [
        ("p", "write", []),
        ("p", "ask", [1]),
        ("q", "decide", [2]),
        ("p", "read", [1, 3]),
    ]
    assert result.exit_code == 0
    assert completed(run("trace", file, "--process", "q")) == ["decide"]


def test_a_message_is_kept_until_it_is_awaited_and_none_comes_by_itself(tmp_path: pathlib.Path) -> None:
    eager = [node("startEvent", "os"), node("intermediateThrowEvent", "tell", message("n")), chain("os", "tell")]
    file = tmp_path / "pools.bpmn"
    file.write_bytes(pools(CITIZEN, eager, {"f1": ("ask", "court"), "f2": ("tell", "told")}))
    result = run("trace", file)
    assert (completed(result), result.exit_code) == (["write", "ask", "read"], 0)
    deaf = [node("startEvent", "os"), task("w"), chain("os", "w")]
    file.write_bytes(pools(CITIZEN, deaf, {"f1": ("ask", "office")}))
    result = run("trace", file)
    assert "Message m to q was never awaited." in result.stderr


CLERK = [node("startEvent", "s"), task("a"), node("intermediateThrowEvent", "x", signal()), task("z")]
CLERK += [node("endEvent", "e"), chain("s", "a", "x", "z", "e")]


@pytest.mark.parametrize(
    ("office", "expected"),
    [
        ([node("startEvent", "os", signal()), task("k"), chain("os", "k")], [("a", []), ("z", [1]), ("k", [1])]),
        (
            [
                *(node("startEvent", "os"), node("receiveTask", "w", messageRef="message_m"), task("k")),
                *(node("boundaryEvent", "b", signal(), attachedToRef="w"), chain("os", "w"), chain("b", "k")),
            ],
            [("a", []), ("z", [1]), ("k", [1])],
        ),
        (
            [
                *(node("startEvent", "os"), node("intermediateCatchEvent", "later", timer()), task("k")),
                *(node("intermediateCatchEvent", "b", signal()), chain("os", "later", "b", "k")),
            ],
            [("a", []), ("z", [1]), ("k", [])],
        ),
    ],
    ids=["begins by it", "at a border", "too late"],
)
def test_a_signal_is_heard_in_the_other_pools_when_it_is_thrown(
    tmp_path: pathlib.Path, office: list[str], expected: list[tuple[str, list[int]]]
) -> None:
    file = tmp_path / "pools.bpmn"
    file.write_bytes(pools(CLERK, office, {}))
    result = run("trace", file)
    lines = [json.loads(line) for line in result.stdout.splitlines()]
    assert [(line["element"], line["after"]) for line in lines] == expected
    assert result.exit_code == 0


def test_what_another_pool_throws_comes_from_it(tmp_path: pathlib.Path) -> None:
    """Though it was awaited before the timer that the other waits for."""
    clerk = [node("startEvent", "s"), node("intermediateThrowEvent", "x", signal()), task("z")]
    clerk += [node("intermediateCatchEvent", "t", timer()), chain("s", "t", "x", "z")]
    office = [node("startEvent", "os"), node("intermediateCatchEvent", "b", signal()), task("k"), chain("os", "b", "k")]
    file = tmp_path / "pools.bpmn"
    file.write_bytes(pools(office, clerk, {}).replace(b'"os"', b'"so"'))
    assert completed(run("trace", file)) == ["z", "k"]


def test_a_pool_that_waits_in_vain_for_another_has_not_ended(tmp_path: pathlib.Path) -> None:
    office = [OFFICE[0], task("decide"), node("exclusiveGateway", "g", default="no"), *OFFICE[2:4]]
    office += [chain("os", "decide", "g"), flow("g", "tell", "yes"), flow("g", "oe", name="no"), chain("tell", "oe")]
    file = tmp_path / "pools.bpmn"
    file.write_bytes(pools(CITIZEN, office, FLOWS))
    result = run("trace", file)
    assert (completed(result), result.exit_code) == (["write", "ask", "decide"], 1)
    assert completed(run("trace", file, "--data", '{"yes": true}')) == ["write", "ask", "decide", "read"]


def test_a_process_that_does_not_end_is_no_success(write) -> None:
    loop = write("loop", START, task("a"), node("exclusiveGateway", "m"), chain("s", "m", "a", "m"))
    result = run("trace", loop, "--max-steps", 3)
    assert (completed(result), result.exit_code) == (["a"] * 3, 1)
    assert "3 steps" in result.stderr
    stuck = write("stuck", *FAULTS["a choice joined by a parallel gateway waits for the branch not taken"][0])
    result = run("trace", stuck)
    assert (completed(result), result.exit_code) == (["b"], 1)


@pytest.mark.parametrize("data", ["{", "[1]", "[" * 10_000], ids=["half", "list", "deep"])
def test_data_that_is_no_object_is_refused(write, data: str) -> None:
    assert run("trace", write("model", START, END, chain("s", "e")), "--data", data).exit_code == 2


def test_what_cannot_be_executed_is_refused_with_every_reason(write, tmp_path: pathlib.Path) -> None:
    result = run(
        "trace",
        write("model", START, END, node("serviceTask", "t"), node("serviceTask", "u"), chain("s", "t", "u", "e")),
    )
    assert (result.stdout, result.exit_code) == ("", 1)
    assert "Service task t " in result.stderr
    assert "Service task u " in result.stderr
    broken = tmp_path / "broken.bpmn"
    broken.write_text("<x", encoding="utf-8")
    assert run("trace", broken).exit_code == 1


def test_a_condition_that_no_data_meets_is_told(write) -> None:
    body = [START, END, node("exclusiveGateway", "x"), task("a"), flow("s", "x"), flow("x", "a", "v > 1")]
    result = run("trace", write("model", *body, flow("x", "e", "v < 1"), flow("a", "e")))
    assert result.exit_code == 1
    assert "x" in result.stderr


def test_what_never_rests_is_told_as_well(write) -> None:
    inside = script("c", "{n: 1}")
    body = [
        START,
        END,
        task("a"),
        inner("w", inside, chain("ws", "c", "we")),
        task("b"),
        chain("s", "a", "w", "b", "e"),
    ]
    lines = [json.loads(line) for line in run("trace", write("model", *body)).stdout.splitlines()]
    assert [(line["element"], line["after"]) for line in lines] == [("a", []), ("c", [1]), ("w", [1, 2]), ("b", [1])]
