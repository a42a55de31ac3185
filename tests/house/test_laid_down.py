"""What apps lay on the Registry and lay down as policy is there once Django is set up, whoever imports what."""

import os
import pathlib
import subprocess
import sys

SOURCE = pathlib.Path(__file__).resolve().parents[2] / "src" / "zhengtong"
LAYING = ("rules", "actions", "handlers", "facts", "looks", "events")


def modules() -> list[str]:
    """Every module by whose import something is laid down or on a shelf."""
    return sorted(
        ".".join(("zhengtong", *path.relative_to(SOURCE).with_suffix("").parts))
        for name in LAYING
        for path in SOURCE.glob(f"*/*/{name}.py")
        if any(
            word in path.read_text(encoding="utf-8")
            for word in ("policy.register(", "@action(", "subscribe(", "offer(", "@look(", "name_events(")
        )
    )


def test_a_fresh_process_knows_every_policy_action_handler_fact_and_look() -> None:
    wanted = modules()
    assert len(wanted) > 10
    program = f"import sys, django; django.setup(); print([name for name in {wanted!r} if name not in sys.modules])"
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "zhengtong.config.settings_test"}
    fresh = subprocess.run(
        [sys.executable, "-c", program], env=environment, capture_output=True, text=True, timeout=60, check=True
    )
    assert fresh.stdout.strip() == "[]"
