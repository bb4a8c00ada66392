"""Compares findings with the snapshot of them, and their verdicts on examples with another validator's."""

import json
import sys
import tomllib
from collections import Counter
from difflib import unified_diff
from pathlib import Path

from judge import Document

MISFITS = ["example-mismatch", "default-mismatch"]


def by_rule(findings, documents):
    """For each document its findings, counted by their rules."""
    counts = {document: Counter() for document in documents}
    for finding in findings:
        counts[finding["file"]][finding["code"]] += 1
    lines = []
    for document, codes in counts.items():
        lines.append(f"{document}\n")
        lines.extend(f"  {code} {count}\n" for code, count in sorted(codes.items()))
    return lines


def disagreements(findings, documents):
    """How many values were judged, and those that only one of the two takes: who refuses it."""
    judged, refused_by = 0, {}
    for document in documents:
        refused = [
            finding["pointer"] for finding in findings
            if finding["file"] == document and finding["code"] in MISFITS
        ]
        verdicts = Document(json.loads(Path(document).read_text())).verdicts()
        judged += len(verdicts)
        for place, verdict in verdicts.items():
            ours = any(pointer == place or pointer.startswith(place + "/") for pointer in refused)
            if verdict not in ("fits", "misfits"):
                refused_by[document, place] = verdict
            elif ours != (verdict == "misfits"):
                refused_by[document, place] = "letterhead" if ours else "judge"
        # What the judge wasn't asked about.
        for pointer in refused:
            if not any(pointer == place or pointer.startswith(place + "/") for place in verdicts):
                refused_by[document, pointer] = "letterhead, and the judge has not looked"
    return judged, refused_by


def main(mode, corpus, findings, *documents):
    corpus = Path(corpus)
    findings = json.loads(Path(findings).read_text())
    snapshot, found = corpus / "findings.txt", by_rule(findings, documents)
    if mode == "--write":
        snapshot.write_text("".join(found))
    known = snapshot.read_text().splitlines(keepends=True)
    differences = list(unified_diff(known, found, "crates/validator/corpus/findings.txt", "found now"))
    sys.stdout.writelines(differences)
    if differences:
        print("the findings differ: look at each, and run `cargo xtask corpus --write`")

    judged, refused_by = disagreements(findings, documents)
    listed = tomllib.loads((corpus / "disagreements.toml").read_text())["disagreement"]
    explained = {
        (one["document"], pointer): one["refused-by"]
        for one in listed if one["reason"].strip() for pointer in one["pointers"]
    }
    wrong = []
    for (document, pointer), by in sorted(refused_by.items() - explained.items()):
        wrong.append(f"{document}#{pointer} is refused by: {by}; disagreements.toml doesn't explain it")
    for (document, pointer), by in sorted(explained.items() - refused_by.items()):
        wrong.append(f"{document}#{pointer} isn't refused by: {by}; take it out of disagreements.toml")
    print(*wrong, sep="\n", end="\n" if wrong else "")
    print(f"{len(documents)} documents, {len(findings)} findings; {judged} examples and defaults were judged twice, "
          f"{len(refused_by)} with different verdicts")
    return 1 if differences or wrong else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
