#!/usr/bin/env python3
"""countersign beside its peers: whole processes, CPU seconds (user and system, children included) and peak memory, in one run.

    python3 benches/peers/run.py COUNTERSIGN FOLDER [TOOLS]

COUNTERSIGN is the release binary, FOLDER a source tree to scan whole (an unpacked release of Django, say), TOOLS a folder of programs that is
searched before PATH. Peers that are not there are left out: install them by their ordinary clients (pip install bandit ruff semgrep foxguard kingfisher-bin).
Every measurement is taken several times in turn and the least is kept, so that a busy machine counts as little as possible.
"""
import os
import resource
import shutil
import subprocess
import sys
import tempfile

REPEAT = 3
# What semgrep is given: its cost with one rule of ours is the least it can cost. SEMGREP_CONFIG names another configuration.
ONE_RULE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "one-rule.yml")


def measure(command, cwd=None):
    """CPU seconds and peak MiB of a command, in a child of its own so that the peak is its own."""
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(read)
        subprocess.run(command, cwd=cwd, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        os.write(write, f"{used.ru_utime + used.ru_stime} {used.ru_maxrss / 1024}".encode())
        os._exit(0)
    os.close(write)
    text = os.read(read, 200).decode()
    os.close(read)
    os.waitpid(child, 0)
    return tuple(float(word) for word in text.split())


def tools(ours, extra):
    """Each tool's command for one file or folder."""
    path = os.pathsep.join(filter(None, [extra, os.environ.get("PATH", "")]))
    known = {
        "bandit": lambda target: ["bandit", "-q", "-r", target],
        "ruff (S rules)": lambda target: ["ruff", "check", "--isolated", "--no-cache", "--select", "S", target],
        "foxguard": lambda target: ["foxguard", target],
        "kingfisher (secrets)": lambda target: ["kingfisher", "scan", target, "--no-validate", "--no-update-check"],
        "semgrep (one rule)": lambda target: ["semgrep", "scan", "--metrics=off", "--disable-version-check", "--config", os.environ.get("SEMGREP_CONFIG", ONE_RULE), target],
    }
    yield "countersign", lambda target: [ours, "scan", target]
    for name, command in known.items():
        program = shutil.which(command("")[0], path=path)
        if program:
            yield name, lambda target, program=program, command=command: [program, *command(target)[1:]]


def sample(folder, lines):
    """The Python file of the folder whose length is nearest."""
    best = None
    for root, _, names in os.walk(folder):
        for name in names:
            if name.endswith(".py"):
                path = os.path.join(root, name)
                with open(path, "rb") as file:
                    distance = abs(sum(1 for _ in file) - lines)
                best = min(best, (distance, path)) if best else (distance, path)
    return best[1]


def main():
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    ours, folder = sys.argv[1], sys.argv[2]
    extra = sys.argv[3] if len(sys.argv) > 3 else None
    subjects = {}
    for lines in (400, 5000):
        copy = os.path.join(tempfile.mkdtemp(), f"about_{lines}_lines.py")
        shutil.copy(sample(folder, lines), copy)
        with open(copy, "rb") as file:
            subjects[f"one Python file of {sum(1 for _ in file)} lines"] = copy
    subjects[f"all of {os.path.basename(folder.rstrip('/'))}"] = folder
    print("| subject | tool | CPU s | peak MiB | ours is |\n|---|---|---|---|---|")
    for subject, target in subjects.items():
        best = {}
        for _ in range(REPEAT):
            for name, command in tools(ours, extra):
                figures = measure(command(target))
                best[name] = min(best.get(name, figures), figures)
        mine = best["countersign"][0]
        for name, (seconds, memory) in best.items():
            ratio = "" if name == "countersign" else f"{seconds / mine:.1f} times as fast" if seconds > mine else f"{mine / seconds:.1f} times as slow"
            print(f"| {subject} | {name} | {seconds:.3f} | {memory:.0f} | {ratio} |", flush=True)


main()
