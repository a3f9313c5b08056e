#!/usr/bin/env python3
"""Makes the example data. The same input gives the same bytes, on every machine.

    python3 make.py                    writes capitals-train.csv and capitals-heldout.csv from the lists below
    python3 make.py --speeches FOLDER  also writes corpus.txt from FOLDER/*.txt, one speech a file (see README.md)
    python3 make.py --check            writes nothing; fails if the two tables differ from what it would write
"""

import argparse
import csv
import io
import random
import re
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
CORPUS_BYTES = 300_000
PARAGRAPH_CHARS = 600
YEARS = range(1961, 1976)

CAPITALS = {
    "Alabama": "Montgomery", "Alaska": "Juneau", "Arizona": "Phoenix", "Arkansas": "Little Rock",
    "California": "Sacramento", "Colorado": "Denver", "Connecticut": "Hartford", "Delaware": "Dover",
    "Florida": "Tallahassee", "Georgia": "Atlanta", "Hawaii": "Honolulu", "Idaho": "Boise",
    "Illinois": "Springfield", "Indiana": "Indianapolis", "Iowa": "Des Moines", "Kansas": "Topeka",
    "Kentucky": "Frankfort", "Louisiana": "Baton Rouge", "Maine": "Augusta", "Maryland": "Annapolis",
    "Massachusetts": "Boston", "Michigan": "Lansing", "Minnesota": "Saint Paul", "Mississippi": "Jackson",
    "Missouri": "Jefferson City", "Montana": "Helena", "Nebraska": "Lincoln", "Nevada": "Carson City",
    "New Hampshire": "Concord", "New Jersey": "Trenton", "New Mexico": "Santa Fe", "New York": "Albany",
    "North Carolina": "Raleigh", "North Dakota": "Bismarck", "Ohio": "Columbus", "Oklahoma": "Oklahoma City",
    "Oregon": "Salem", "Pennsylvania": "Harrisburg", "Rhode Island": "Providence", "South Carolina": "Columbia",
    "South Dakota": "Pierre", "Tennessee": "Nashville", "Texas": "Austin", "Utah": "Salt Lake City",
    "Vermont": "Montpelier", "Virginia": "Richmond", "Washington": "Olympia", "West Virginia": "Charleston",
    "Wisconsin": "Madison", "Wyoming": "Cheyenne",
}

TRAIN = [
    "What is the capital of {}?", "Which city is the capital of {}?", "Name the capital city of {}.",
    "Tell me the capital of {}.", "What city is {}'s capital?", "{}: what is the capital?",
    "I need the capital of {}.", "Do you know the capital of {}?", "Please give the capital of {}.",
    "Where is the government of {}?", "The capital of {} is which city?", "Capital of {}?",
]

HELDOUT = [
    "Can you tell me the capital of {}?", "Which city serves as the capital of {}?",
    "What's the name of {}'s capital city?", "For {}, name the capital.",
]


def table(phrasings):
    """The questions in a fixed shuffled order, so that a reader who takes them in turn meets every phrasing early."""
    rows = [(p.format(state), f"The capital of {state} is {city}.") for state, city in CAPITALS.items() for p in phrasings]
    random.Random(3).shuffle(rows)
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["prompt", "response"])
    writer.writerows(rows)
    return out.getvalue()


def paragraphs(speech):
    """Cuts a speech, which comes as one line, at sentence ends into paragraphs of about PARAGRAPH_CHARS."""
    # Salutations repeat in every speech, and a title is what announces a person's name: neither is needed here.
    sentences = [s for s in re.split(r"(?<=[a-z)\"'][.!?])\s+(?=[\"'(]?[A-Z])", " ".join(speech.split()))
                 if not re.search(r"\b(Mr|Mrs|Ms|Dr)\b", s)]
    held = ""
    for sentence in sentences:
        held = f"{held} {sentence}".strip()
        if len(held) >= PARAGRAPH_CHARS:
            yield held
            held = ""
    if held:
        yield held


def corpus(folder):
    files = sorted(f for f in folder.glob("*.txt") if f.name[:4].isdigit() and int(f.name[:4]) in YEARS)
    if not files:
        sys.exit(f"make.py: no speech of {YEARS[0]} to {YEARS[-1]} in {folder}; give the folder with YEAR_NAME.txt files")
    lines, size = [], 0
    for line in dict.fromkeys(p for f in files for p in paragraphs(f.read_text(encoding="ascii"))):
        size += len(line) + 1
        if size > CORPUS_BYTES:
            break
        lines.append(line + "\n")
    return "".join(lines)


def main():
    args = argparse.ArgumentParser(description="Makes the example data.")
    args.add_argument("--speeches", type=Path, metavar="FOLDER", help="the speeches of the npm package named in README.md")
    args.add_argument("--check", action="store_true", help="write nothing; fail if a file is not what would be written")
    given = args.parse_args()
    files = {"capitals-train.csv": table(TRAIN), "capitals-heldout.csv": table(HELDOUT)}
    if given.speeches:
        files["corpus.txt"] = corpus(given.speeches)
    for name, text in files.items():
        if not given.check:
            (HERE / name).write_text(text, encoding="utf-8", newline="\n")
        elif (HERE / name).read_bytes() != text.encode():
            sys.exit(f"make.py: {name} is not what make.py writes; run it without --check")


if __name__ == "__main__":
    main()
