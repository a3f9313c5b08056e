"""The statistics of a validation, by polars: `frames.py FILE ENGINE` prints some with the CPU seconds and MiB that all took.

Different values are estimated, as the validation does; those printed are counted afterwards, and not measured.
"""

import json
import pathlib
import resource
import sys

import polars as pl

QUANTILES = [0.05, 0.25, 0.5, 0.75, 0.95]


def main(file: str, engine: str) -> None:
    idle, before = memory("VmRSS"), seconds()
    lazy = pl.scan_csv(file)
    schema = lazy.collect_schema()
    numbers = {name: pl.col(name) for name, kind in schema.items() if kind.is_numeric()}
    numbers |= {name: pl.col(name).str.len_chars() for name, kind in schema.items() if kind == pl.String}
    simple = [expression for name in schema for expression in of_any(name)]
    simple += [expression for name, values in numbers.items() for expression in of_numbers(name, values)]
    tops = [lazy.group_by(name).agg(pl.len().alias("count")).top_k(10, by="count") for name in schema]
    counts, *_ = pl.collect_all([lazy.select(simple), *tops], engine=engine)
    found = counts.row(0, named=True)
    bars = []
    for name, values in numbers.items():
        low, high = float(found[f"{name} min"] or 0), float(found[f"{name} max"] or 0)
        place = ((values - low) / max(high - low, 1e-9) * 20).floor().clip(0, 19).alias("bar")
        bars.append(lazy.select(place).group_by("bar").agg(pl.len()))
    pl.collect_all(bars, engine=engine)
    spent = {"cpu": seconds() - before, "memory": memory("VmHWM") - idle}
    exact = lazy.select(pl.col(name).drop_nulls().n_unique() for name in schema).collect().row(0, named=True)
    columns = {
        name: {
            "nulls": found[f"{name} nulls"],
            "distinct": exact[name],
            **{key: found.get(f"{name} {key}") for key in ("min", "max", "mean")},
        }
        for name in schema
    }
    print(json.dumps({**spent, "columns": columns}))


def of_any(name: str) -> list:
    column = pl.col(name)
    return [column.null_count().alias(f"{name} nulls"), column.drop_nulls().approx_n_unique().alias(f"{name} distinct")]


def of_numbers(name: str, values) -> list:
    return [
        values.min().alias(f"{name} min"),
        values.max().alias(f"{name} max"),
        values.mean().alias(f"{name} mean"),
        values.std(ddof=0).alias(f"{name} std"),
        *(values.quantile(q, "linear").alias(f"{name} q{q}") for q in QUANTILES),
    ]


def seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def memory(what: str) -> float:
    status = pathlib.Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.split(what + ":")[1].split()[0]) / 1024


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
