"""The story in one command, with its real trainings: CPU seconds of all that it starts, and what the tuned model has learnt.

With the development build it is told once in full as well: the runtime is optimized there too, and its scores are the same.
"""

import json
import resource
import subprocess
import time

from machine import row


def run(bench):
    begun, before = time.monotonic(), resource.getrusage(resource.RUSAGE_CHILDREN)
    command = [bench.server, "quickstart", "--exit", "--json", "--data", bench.folder / "quickstart"]
    story = json.loads(subprocess.check_output(command, stderr=subprocess.DEVNULL))
    seconds, after = time.monotonic() - begun, resource.getrusage(resource.RUSAGE_CHILDREN)
    scores = {which: story["scores"][which]["exact_match"] for which in ("base", "tuned")}
    if scores["base"] != 0.0 or scores["tuned"] < 0.9:
        raise SystemExit(f"the tuned model should know at least 0.9 where the base knows nothing: {scores}")
    # What is adopted by another process counts on its own: the trainings say theirs.
    own = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    yield row("quickstart: CPU seconds, as it says", story["cpuSeconds"], "s", "120 s")
    yield row("the same of the processes waited for", own, "s")
    yield row("the same, until it ends", seconds, "s")
    yield row("exact match of the tuned model on other phrasings", scores["tuned"], "", "0.9")
