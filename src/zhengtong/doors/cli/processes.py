"""Commands about running processes: their versions, moving them between those, and what begins of itself."""

import json
import pathlib
from typing import TYPE_CHECKING, Any

import click
from django.utils.translation import gettext as _
from rich.progress import Progress

from zhengtong.doors.cli.printing import as_json, console, fail, put_json, refuse
from zhengtong.doors.cli.speaking import Group, Path, language, option
from zhengtong.engines.errors import EngineError

if TYPE_CHECKING:
    from zhengtong.matters.workflow.queries.relocations import Order, Version

SHORT = 12


@click.group(cls=Group)
def process() -> None:
    """Running processes: their versions, moving them between versions, and what begins of itself."""


@process.command("versions")
@as_json
def list_versions(as_json: bool) -> None:
    """The versions there are, newest first, and how many processes run each."""
    from zhengtong.matters.workflow.queries.relocations import versions

    found = versions()
    if as_json:
        names = ("digest", "name", "stored_at", "running")
        put_json([{name: getattr(each, name) for name in names} for each in found])
        return
    for each in found:
        console.print(f"{each.digest[:SHORT]}  {each.running:>6}  {each.name}", markup=False, soft_wrap=True)


def _pairs(_context: click.Context, _option: click.Parameter, texts: tuple[str, ...]) -> dict[str, str]:
    pairs = dict(text.partition("=")[::2] for text in texts)
    if not all(pairs.values()) or "" in pairs:
        raise click.BadParameter(_("write OLD=NEW"))
    return pairs


@process.command("migrate")
@click.argument("versions", nargs=-1, metavar="[FROM TO]")
@option("--map", "mapping", multiple=True, callback=_pairs, help="OLD=NEW: where an element or a flow goes.")
@option("--retime", is_flag=True, help="Timers whose time is another begin anew.")
@option("--undecided", is_flag=True, help="Move also what nobody could tell to be able to end.")
@option("--apply", "applied", is_flag=True, help="Move them; without it only the dry run is made.")
@option("--resume", type=int, metavar="ORDER", help="Go on with an order (with --apply: move what it planned).")
@option("--undo", type=int, metavar="ORDER", help="Move back what has not been worked on since.")
@as_json
def migrate(
    versions: tuple[str, ...],
    mapping: dict[str, str],
    retime: bool,
    undecided: bool,
    applied: bool,
    resume: int | None,
    undo: int | None,
    as_json: bool,
) -> None:
    """Try, and with --apply move, every process of version FROM to TO. Status 0 only when none is left behind."""
    from zhengtong.foundation.core.errors import Refusal

    if sum((bool(versions), resume is not None, undo is not None)) != 1 or len(versions) not in (0, 2):
        raise click.UsageError(_("Give two versions, or --resume, or --undo."))
    try:
        if versions:
            number = _ordered(versions, {"mapping": mapping, "retime": retime, "undecided": undecided})
        else:
            number = resume if resume is not None else undo or 0
        order = _worked(number, applied=applied, undo=undo is not None, quiet=as_json)
    except Refusal as refusal:
        fail(str(refusal.message))
    except EngineError as error:
        fail(error.text(language()))
    _report(order, as_json=as_json)
    if not order.well:
        raise SystemExit(1)


def _ordered(texts: tuple[str, ...], how: dict[str, Any]) -> int:
    """Order the dry run; the number of the order."""
    from zhengtong.foundation.policy import SYSTEM
    from zhengtong.matters.workflow import services
    from zhengtong.matters.workflow.queries.relocations import versions

    known = versions()
    source, target = (_version(known, text) for text in texts)
    return services.order_relocation(by=SYSTEM, source=source.id, target=target.id, **how).id


def _version(known: "list[Version]", text: str) -> "Version":
    found = [each for each in known if text and each.digest.startswith(text.lower())]
    if len(found) != 1:
        fail(_("%(count)d versions begin with %(text)s") % {"count": len(found), "text": text})
    return found[0]


def _worked(number: int, *, applied: bool, undo: bool, quiet: bool) -> "Order":
    """Go on with an order as far as it is to go; the order as it then is."""
    from zhengtong.foundation.policy import SYSTEM
    from zhengtong.matters.workflow import services
    from zhengtong.matters.workflow.queries.relocations import order_of, relocations

    row = relocations(SYSTEM).filter(id=number).first()
    if row is None:
        fail(_("There is no such order."))
    with Progress(console=console, transient=True, disable=quiet) as progress:
        if not undo:
            _follow(number, progress, _("dry run"))
            row.refresh_from_db()
            if applied and row.state == "planned":
                services.begin_moving(by=SYSTEM, order=row)
            _follow(number, progress, _("moving"))
        elif row.state != "undoing":
            services.begin_undoing(by=SYSTEM, order=row)
        _follow(number, progress, _("moving back"))
    row.refresh_from_db()
    return order_of(row)


def _follow(number: int, progress: Progress, words: str) -> None:
    """Work until nothing is left to do, showing how far it is."""
    from zhengtong.foundation.policy import SYSTEM
    from zhengtong.matters.workflow import services
    from zhengtong.matters.workflow.queries.relocations import order_of, relocations

    order = order_of(relocations(SYSTEM).get(id=number))
    if not order.at_work:
        return
    bar = progress.add_task(words, total=order.total, completed=order.finished)
    while services.work_on(number):
        progress.update(bar, completed=order_of(relocations(SYSTEM).get(id=number)).finished)


def _report(order: "Order", *, as_json: bool) -> None:
    if as_json:
        put_json(order.as_dict())
        return
    console.print(_("Order %(number)d: %(state)s") % {"number": order.id, "state": order.state_label}, markup=False)
    for state, count in order.counts.items():
        console.print(f"  {count:>6}  {state.label}", markup=False)
    for old, new, can, cannot in order.moves:
        console.print(f"    {old} → {new}  {can}/{can + cannot}", markup=False, soft_wrap=True)
    for remark, count in order.remarks:
        mark = "[bold red]✗[/]" if remark.blocking else "[yellow]![/]"
        console.print(f"{mark} {count:>6}", end=" ")
        console.print(remark.text(language()), markup=False, soft_wrap=True)


@process.command("load")
@click.argument("file", type=Path(exists=True, dir_okay=False, path_type=pathlib.Path))
def load(file: pathlib.Path) -> None:
    """Store the process of FILE and have it begin by its messages, signals and timers."""
    from zhengtong.foundation.core.errors import Invalid
    from zhengtong.foundation.policy import SYSTEM
    from zhengtong.matters.modelling.queries import checked
    from zhengtong.matters.workflow import services

    xml = file.read_bytes()
    found = checked(xml, language())
    faults = [(each.elements[0] if each.elements else "", each.text) for each in found.remarks if each.blocking]
    if found.fit:
        try:
            services.put_in_force(by=SYSTEM, xml=xml)
        except Invalid as refusal:
            faults = [(element, text) for element, _code, text in refusal.errors]
    if faults or not found.fit:
        for element, text in faults:
            console.print(f"{element}  {text}", markup=False, soft_wrap=True)
        fail(_("Not loaded."))
    console.print(_("Loaded."), markup=False)


@process.command("starts")
@as_json
def list_starts(as_json: bool) -> None:
    """What processes begin by of themselves, and when next."""
    from zhengtong.foundation.policy import SYSTEM
    from zhengtong.matters.workflow.queries.starts import visible_to

    names = ("key", "element", "kind", "name", "due_at", "left", "begun", "begun_at", "attempts", "last_error")
    found = [{name: getattr(row, name) for name in names} for row in visible_to(SYSTEM)]
    if as_json:
        put_json(found)
        return
    for each in found:
        shown = each["name"] or (each["due_at"].isoformat() if each["due_at"] else "-")
        console.print(f"{each['key']}  {each['element']}  {each['kind']}  {shown}  {each['begun']}", markup=False)


@process.command("close")
@click.argument("key")
@option("--reason", required=True, help="Why, for the log.")
def close(key: str, reason: str) -> None:
    """Have the process KEY begin of itself no longer; what runs goes on."""
    from zhengtong.foundation.core.errors import Invalid, Refusal
    from zhengtong.foundation.policy import SYSTEM
    from zhengtong.matters.workflow import services

    try:
        services.close_starts(by=SYSTEM, key=key, reason=reason)
    except Invalid as refusal:
        fail(" ".join(said for _path, _code, said in refusal.errors))
    except Refusal as refusal:
        fail(str(refusal.message))
    console.print(_("Closed."), markup=False)


@process.command("message")
@click.argument("name")
@option("--data", default="{}", help="What comes with it: a JSON object, never personal data.")
def message(name: str, data: str) -> None:
    """Bring in a message from outside: the process that begins by NAME begins."""
    from zhengtong.foundation.core.errors import Invalid
    from zhengtong.foundation.policy import SYSTEM
    from zhengtong.matters.workflow import services

    try:
        values = json.loads(data)
    except (ValueError, RecursionError):
        values = None
    if not isinstance(values, dict):
        raise click.BadParameter(_("write a JSON object"))
    try:
        services.send_message(by=SYSTEM, name=name, data=values)
    except Invalid as refusal:
        refuse(refusal)
    console.print(_("Sent."), markup=False)
