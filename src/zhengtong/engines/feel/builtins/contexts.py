"""Functions of contexts (DMN 1.5 §10.3.4.10); none changes the context it is given."""

from zhengtong.engines.feel.builtins.registry import builtin
from zhengtong.engines.feel.running import Run
from zhengtong.engines.feel.types import Value

Context = dict[str, Value]


def _made(context: Context, run: Run) -> Context:
    """A new context, paid for and not too large."""
    run.bounded(list(context))
    return context


@builtin("get value(m: context, key: string) -> Any?")
def _get_value(_run: Run, context: Context, key: str) -> Value:
    return context.get(key)


@builtin("get entries(m: context) -> list")
def _get_entries(run: Run, context: Context) -> list[Value]:
    return run.bounded([{"key": key, "value": value} for key, value in context.items()])


@builtin("context(entries: list) -> context")
def _context(run: Run, entries: list[Value]) -> Context | None:
    run.spend(len(entries))
    made: Context = {}
    for entry in entries:
        if type(entry) is not dict or type(entry.get("key")) is not str or "value" not in entry:
            return None
        if entry["key"] in made:
            return None
        made[entry["key"]] = entry["value"]
    return made


@builtin("context put(context: context, key: string, value: Any) -> context")
def _put(run: Run, context: Context, key: str, value: Value) -> Context:
    return _made({**context, key: value}, run)


@builtin("context put(context: context, keys: list, value: Any) -> context")
def _put_inside(run: Run, context: Context, keys: list[Value], value: Value) -> Context | None:
    if not keys or not all(type(key) is str for key in keys):
        return None
    levels = [context]
    for key in keys[:-1]:
        inner = levels[-1].get(key)
        if type(inner) is not dict:
            return None
        levels.append(inner)
    for level, key in zip(reversed(levels), reversed(keys), strict=True):
        value = _put(run, level, key, value)
    made: Context = value
    return made


@builtin("context merge(contexts: list) -> context")
def _merge(run: Run, contexts: list[Value]) -> Context | None:
    made: Context = {}
    for context in contexts:
        if type(context) is not dict:
            return None
        run.spend(len(context))
        made.update(context)
    return _made(made, run)
