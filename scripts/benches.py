"""Run every bench, each in a process of its own, one after the other; print one table and keep build/bench.json.

Exit status 0 only when every target is met; with `--report` whenever everything could be measured. `--quick` takes a
glance, `--only NAME` (several times) picks modules.
"""

import argparse
import json
import operator
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[1]
BENCH = ROOT / "tests" / "bench"

# module, arguments → figure: (relation, target, what it says)
AT_LEAST, AT_MOST = ">=", "<="
RELATIONS = {AT_LEAST: operator.ge, AT_MOST: operator.le}
RUNS = (
    ("bench_cases", ()),
    ("bench_cases", ("postgres",)),
    ("bench_inbox", ()),
    ("bench_peers", ()),
    ("bench_peers", ("postgres",)),
    ("bench_lines", ()),
    ("bench_bpmn", ()),
    ("bench_forms", ()),
    ("bench_dmn", ()),
    ("bench_core", ()),
    ("bench_core", ("postgres",)),
    ("bench_http", ()),
)
QUICK = ("bench_cases", "bench_inbox", "bench_peers", "bench_lines", "bench_http")  # programs that know `--quick`
TARGETS = {
    "case_over_raw": (AT_LEAST, 0.4, "a case, of raw SQL one by one (SQLite)"),
    "postgres_case_over_raw": (AT_LEAST, 0.4, "a case, of raw two-round-trip writes (PostgreSQL)"),
    "crowd_over_raw": (AT_LEAST, 0.5, "32 submitters, of raw one by one (SQLite)"),
    "crowd_p99_over_p50": (AT_MOST, 4, "32 submitters: p99 over p50"),
    "foreign_p99_ms": (AT_MOST, 50, "a session save meanwhile, p99 ms"),
    "inbox_worst_ratio": (AT_MOST, 1.3, "inbox at 1,000,000 cases over 10,000 (p95, worst read)"),
    "peers_engine_viewflow_over_ours": (AT_LEAST, 8, "process alone, django-viewflow over ours (SQLite)"),
    "postgres_peers_engine_viewflow_over_ours": (AT_LEAST, 4, "process alone, django-viewflow over ours (PostgreSQL)"),
    "peers_engine_spiff_over_ours": (AT_LEAST, 2.5, "process alone, SpiffWorkflow over ours (SQLite)"),
    "postgres_peers_engine_spiff_over_ours": (AT_LEAST, 2.5, "process alone, SpiffWorkflow over ours (PostgreSQL)"),
    "line_3_spiff_over_ours": (AT_LEAST, 3, "a completion, policy and events on, of 3 tasks: SpiffWorkflow over ours"),
    "line_200_spiff_over_ours": (AT_LEAST, 40, "the same of 200 tasks"),
    "step_us_3": (AT_MOST, 20, "a step of the process engine at 3 activities, µs"),
    "step_us_200": (AT_MOST, 20, "a step of the process engine at 200 activities, µs"),
    "step_ratio": (AT_MOST, 1.1, "a step of 200 activities over one of 3"),
    "process_compile_ms": (AT_MOST, 20, "reading and compiling a process of 200 activities, ms"),
    "check_ms": (AT_MOST, 2, "a form of 100 fields, ms"),
    "decisions_a_second": (AT_LEAST, 20_000, "decisions a second: 20 rules, 3 inputs"),
    "traced_a_second": (AT_LEAST, 8_000, "the same with reasons"),
    "ours_over_zen": (AT_LEAST, 1, "decisions, ours over zen-engine one by one"),
    "ours_over_zen_batch": (AT_LEAST, 1, "decisions, ours one by one over zen-engine in batches"),
    "ours_over_spiff": (AT_LEAST, 1, "decisions, ours over SpiffWorkflow's DMN"),
    "model_ms": (AT_MOST, 100, "reading and compiling 50 decisions, ms"),
    "http_over_echo": (AT_LEAST, 0.25, "HTTP submission, of an echo behind the same middleware"),
}


def main() -> int:
    """Measure, print, keep; the exit status."""
    options = _options()
    figures, failed = {}, []
    for module, arguments in RUNS:
        if (options.only and module not in options.only) or not (BENCH / f"{module}.py").exists():
            continue
        found = _run(module, (*arguments, *(("--quick",) if options.quick else ())))
        if found is None:
            failed.append(" ".join((module, *arguments)))
        else:
            _take(figures, module, found)
    met = _print(figures, failed, everything=not options.only)
    _keep(figures)
    return 0 if not failed and (met or options.report) else 1


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--report", action="store_true", help="report; do not fail for a missed target")
    parser.add_argument("--quick", action="store_true", help="tiny runs, to see that everything works")
    parser.add_argument("--only", action="append", metavar="NAME", help="only this module, such as bench_cases")
    return parser.parse_args()


def _run(module: str, arguments: tuple[str, ...]) -> dict[str, float] | None:
    """The figures a module prints as JSON; None where it fails."""
    sys.stderr.write(f"… {module} {' '.join(arguments)}\n")
    if module in QUICK:
        command = [sys.executable, str(BENCH / f"{module}.py"), *arguments]
    else:
        command = [sys.executable, "-c", _CALL.format(module=module, postgres="postgres" in arguments)]
    done = subprocess.run(command, cwd=ROOT / "tests", stdout=subprocess.PIPE, text=True, check=False)
    try:
        return dict(json.loads(done.stdout)) if done.returncode == 0 else None
    except ValueError:
        return None


_CALL = (
    "import json, sys; sys.path[:0] = ['.']; from bench import {module} as bench; "
    "print(json.dumps(bench.postgres_figures() if {postgres} else bench.figures()))"
)


def _take(figures: dict[str, float], module: str, found: dict[str, float]) -> None:
    """Lay the figures among the others; a name that two modules use is told apart by its module."""
    for name, value in found.items():
        figures[name if name not in figures else f"{module}.{name}"] = value


def _print(figures: dict[str, float], failed: list[str], *, everything: bool) -> bool:
    """One table; whether every target was met."""
    met = True
    print(f"{'measure':62} {'figure':>10} {'target':>9}  met")
    for name, (relation, target, says) in TARGETS.items():
        if name not in figures:
            if everything:
                met = False
                print(f"{says:62} {'—':>10} {relation + ' ' + str(target):>9}  not measured")
            continue
        good = RELATIONS[relation](figures[name], target)
        met = met and good
        print(f"{says:62} {figures[name]:>10.3f} {relation + ' ' + str(target):>9}  {'yes' if good else 'NO'}")
    for name, value in sorted(figures.items()):
        if name not in TARGETS:
            print(f"{name:62} {value:>10.3f}")
    for run in failed:
        print(f"{run:62} {'failed':>10}")
    return met


def _keep(figures: dict[str, float]) -> None:
    folder = ROOT / "build"
    folder.mkdir(exist_ok=True)
    (folder / "bench.json").write_text(json.dumps(figures, indent=2, sort_keys=True) + "\n")


if __name__ == "__main__":
    sys.exit(main())
