"""A gigabyte without the end of a line, in each form of text: its row is passed over, the next is read; the memory that takes."""

from machine import Server, row, running
from sending import add, validated

# What stands before the long cell or line, and what behind it: a row that can be read.
FORMS = {"rows.csv": (b'a,b\n1,"', b'"\n3,4\n'), "rows.jsonl": (b'{"a":"', b'"}\n{"a":1}\n'), "rows.txt": (b"", b"\nlast\n")}


def run(bench):
    size = bench.size(1 << 30, 8 << 20)
    for file, (head, tail) in FORMS.items():
        form = file.split(".")[1]
        with running(Server(bench, bench.folder / f"line-{form}")) as server:
            idle, before = server.memory(), server.cpu()
            dataset = add(server, form, "1.0.0", (head, *long(size), tail), file=file)
            structure = validated(server, dataset)["structure"]
            memory, used = server.memory("VmHWM") - idle, server.cpu() - before
        said = [(bad["line"], bad["reason"].split(" limit")[0]) for bad in structure["errors"]]
        at = 2 if form == "csv" else 1
        if structure["rows"] != 1 or said != [(at, "the row is longer than the")]:
            raise SystemExit(f"{file}: {structure}")
        yield row(f"{form}: sent and validated", used, "s CPU")
        yield row(f"{form}: memory beyond idle", memory, "MiB", "64 MiB")


def long(size: int):
    block = b"x" * (1 << 20)
    return (block for _ in range(size >> 20))
