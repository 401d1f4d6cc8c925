#!/usr/bin/env python3
"""Looks at the labelled packages again: which labelled findings are still found, and how often each confidence and each rule is right.

    python3 labels/again.py target/release/countersign FOLDER...  [--write]

FOLDERs hold the packages, unpacked by their ordinary clients, one folder a package, named after it (its version may follow). A labelled finding
counts as found when the scanner reports its rule on its line. With --write, those that are found no longer get `gone = true` in the labels: they
say what was mended, and count for no rule any more. Packages that are not there are left as they are."""
import collections
import json
import os
import pathlib
import re
import subprocess
import sys
import tomllib

HERE = pathlib.Path(__file__).parent


def plain(name):
    return re.sub(r"[^a-z0-9]+", "-", name.lower())


def unpacked(folders, package):
    """The folder of a package: named like it, and holding the first file that has a label."""
    wanted, first = plain(package["name"].split("/")[-1]), package["finding"][0]["file"]
    for folder in folders:
        for candidate in [*folder.iterdir(), *folder.glob("*/*")]:
            if wanted in plain(candidate.name) and (candidate / first).is_file():
                return candidate
            if wanted in plain(candidate.name) and (candidate / "package" / first).is_file():
                return candidate / "package"
    return None


def findings(binary, base, files):
    """Confidence by rule, file and line."""
    command = [binary, "scan", "--format", "json", "--fail-on", "never", *files]
    report = json.loads(subprocess.run(command, cwd=base, capture_output=True, text=True).stdout)
    found = {}
    for finding in report["findings"]:
        place = finding["place"]
        found[finding["rule"], os.path.normpath(place["path"]), place["start"]["line"]] = finding["confidence"]
    return found


def mark(path, gone):
    """Writes which labels are gone: `gone` tells it of each label, in order."""
    blocks = path.read_text().split("[[package.finding]]\n")
    for i, is_gone in enumerate(gone, 1):
        if is_gone is None:
            continue
        lines = [line for line in blocks[i].split("\n") if line != "gone = true"]
        if is_gone:
            at = next(n for n, line in enumerate(lines) if line.startswith("verdict"))
            lines.insert(at + 1, "gone = true")
        blocks[i] = "\n".join(lines)
    path.write_text("[[package.finding]]\n".join(blocks))


def main():
    arguments = [a for a in sys.argv[1:] if a != "--write"]
    binary, folders = os.path.abspath(arguments[0]), [pathlib.Path(f) for f in arguments[1:]]
    by_confidence, by_rule = collections.defaultdict(collections.Counter), collections.defaultdict(collections.Counter)
    for path in sorted(p for p in HERE.glob("*.toml") if p.name != "standing.toml"):
        gone = []
        for package in tomllib.loads(path.read_text())["package"]:
            labels = package.get("finding", [])
            base = unpacked(folders, package) if labels else None
            if base is None:
                gone += [None] * len(labels)
                continue
            files = sorted({label["file"] for label in labels if (base / label["file"]).is_file()})
            found = findings(binary, base, files)
            for label in labels:
                confidence = found.get((label["rule"], os.path.normpath(label["file"]), label["line"]))
                gone.append(confidence is None)
                by_confidence[confidence or "found no longer"][label["verdict"]] += 1
                if confidence:
                    by_rule[label["rule"]][label["verdict"]] += 1
        if "--write" in sys.argv:
            mark(path, gone)
    for title, table in (("confidence", by_confidence), ("rule", by_rule)):
        print(f"{title:34} right wrong unsure")
        for key, counts in sorted(table.items(), key=lambda item: -item[1]["false"]):
            print(f"{key:34} {counts['true']:5} {counts['false']:5} {counts['unsure']:6}")


main()
