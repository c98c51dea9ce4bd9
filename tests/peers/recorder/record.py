#!/usr/bin/env python3
"""Records every transcript of tests/plugin/transcripts anew.

    record.py PACKER OUR_PLUGIN GO_PLUGIN

It works in /tmp/t, so that the paths in the transcripts say nothing of the machine, and replaces the committed
transcripts only when every run went as it should.
"""

import os
import pathlib
import shutil
import signal
import subprocess
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
FIXTURES = HERE.parents[1] / "plugin" / "transcripts"
WORK = pathlib.Path("/tmp/t")
PATIENCE = 60  # seconds
GOB = {"PACKER_FORCE_GOB": "1"}

# Transcript, whose plugin, template, arguments, environment, exit code.
RUNS = [
    ("go-hcl2", "go", "post_processor.pkr.hcl", [], {}, 0),
    ("go-hcl2-gob", "go", "post_processor.pkr.hcl", [], GOB, 0),
    ("go-placeholder", "go", "placeholder.pkr.hcl", [], {}, 0),
    ("go-json", "go", "post_processor.json", [], {}, 0),
    ("go-refused", "go", "post_processor.pkr.hcl", ["-var=behaviour=refuse"], {}, 1),
    ("go-failed", "go", "post_processor.pkr.hcl", ["-var=behaviour=fail"], {}, 1),
    ("go-cancelled", "go", "post_processor.pkr.hcl", ["-var=behaviour=wait"], {}, 1),
    ("go-greeting", "go", "greeting.pkr.hcl", [], {}, 0),
    ("go-greeting-gob", "go", "greeting.pkr.hcl", [], GOB, 0),
    ("go-greeting-refused", "go", "greeting.pkr.hcl", ["-var=behaviour=refuse"], {}, 1),
    ("go-greeting-failed", "go", "greeting.pkr.hcl", ["-var=behaviour=fail"], {}, 1),
    ("ours-hcl2", "ours", "ours.pkr.hcl", [], {}, 0),
    ("ours-hcl2-gob", "ours", "ours.pkr.hcl", [], GOB, 0),
    ("ours-json", "ours", "ours.json", [], {}, 0),
    ("ours-reading", "ours", "reading.pkr.hcl", [], {}, 1),
    ("ours-reading-gob", "ours", "reading.pkr.hcl", [], GOB, 1),
]


def surroundings(whose, more):
    home = WORK / whose
    keep = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
    return keep | {
        "HOME": str(home),
        "TMPDIR": str(WORK / "tmp"),
        "PACKER_CONFIG_DIR": str(home),
        "PACKER_PLUGIN_PATH": str(home / "plugins"),
        "CHECKPOINT_DISABLE": "1",
        "RECORDED_PLUGIN": str(home / "plugin"),
    } | more


def install(packer, whose, program):
    home = WORK / whose
    home.mkdir()
    shutil.copy(program, home / "plugin")
    shutil.copy(HERE / "recorder.py", home / "packer-plugin-registry")
    subprocess.run(
        [packer, "plugins", "install", "--path", home / "packer-plugin-registry", "github.com/acme/registry"],
        env=surroundings(whose, {}), check=True, stdout=subprocess.DEVNULL,
    )


def interrupt_once_it_waits(run, into):
    """Packer gets its Ctrl-C when the post-processor has said the last thing before it waits."""
    deadline = time.monotonic() + PATIENCE
    last_words = b"Ui.Error".hex().encode()
    while time.monotonic() < deadline:
        said = b"".join(line[2:] for file in into.iterdir() for line in file.read_bytes().splitlines())
        if last_words in said:
            time.sleep(0.5)
            # All of its processes, as a terminal does.
            os.killpg(run.pid, signal.SIGINT)
            return
        time.sleep(0.05)
    raise SystemExit("the post-processor did not come to its wait")


def record(packer, name, whose, template, arguments, environment, expected):
    folder, into = WORK / "build", WORK / "into"
    for place in (folder, into, WORK / "tmp"):
        shutil.rmtree(place, ignore_errors=True)
        place.mkdir()
    shutil.copy(HERE / "templates" / template, folder / template)
    run = subprocess.Popen(
        [packer, "build", *arguments, template], cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        env=surroundings(whose, environment | {"RECORDED_INTO": str(into)}), start_new_session=True,
    )
    if name.endswith("cancelled"):
        interrupt_once_it_waits(run, into)
    output, _ = run.communicate(timeout=PATIENCE)
    if run.returncode != expected:
        sys.stdout.buffer.write(output)
        raise SystemExit(f"{name}: packer ended with {run.returncode}, not {expected}")
    recorded = list(into.iterdir())
    if len(recorded) != 1:
        raise SystemExit(f"{name}: packer started {len(recorded)} processes of the plugin, not one")
    print(name)
    return f"{name}.txt", recorded[0].read_text()


def main(packer, ours, go):
    packer = os.path.abspath(packer)
    shutil.rmtree(WORK, ignore_errors=True)
    for place in (WORK, WORK / "tmp"):
        place.mkdir(mode=0o700)
    install(packer, "ours", ours)
    install(packer, "go", go)
    transcripts = [record(packer, *run) for run in RUNS]
    for old in FIXTURES.glob("*.txt"):
        old.unlink()
    for name, text in transcripts:
        (FIXTURES / name).write_text(text)
    shutil.rmtree(WORK)


if __name__ == "__main__":
    if len(sys.argv) != 4:
        raise SystemExit(__doc__)
    main(*sys.argv[1:])
