#!/usr/bin/env python3
"""Every construct of the language once, for the test that cuts it to pieces."""
from __future__ import annotations
import os.path, sys as system
from .. import models
from .db import (connect as conn, Pool)
from shapes import *

type Pair[T] = tuple[T, T]
LIMIT: int = 10
a = b = (c, *d) = [1, 2.0, 3j, 0x1F]


@app.route(f"/{LIMIT}", methods=["GET"])
@cache
async def find(self, q: str = "x" "y", /, *rest: int, key: Annotated[str, Query()] = None, **kw) -> Optional["Pair"]:
    """Doc."""
    global LIMIT
    async with conn() as c, Pool(1) as (p, r):
        async for row in c.rows(*rest, **kw):
            yield row
    rows = [f(x) for x in await c.fetch(q) if x in LIMIT if x]  # why
    pairs = {k: v for k, v in rows} | {*rows, 1} | {**kw, "a": lambda z, n=1: z + n}
    text = f"a {q!r:>{LIMIT}} {{b}} {key=} {n:.2f}" r"\d" + "%s %(a)s" % (q, p) + "{}".format(q)
    if (n := len(text)) > 3 and not rows or q is not None:
        raise ValueError(text) from None
    elif q[0] == "a" <= q[-1:] != text[1:2, ::3]:
        return a if b else c
    else:
        del rows[0], text
    try:
        os.system("ls " + q)
    except* (OSError, ValueError) as e:
        pass
    else:
        LIMIT -= 1
    finally:
        print(-n ** 2, ~n, a @ b, sep="")
    while True:
        match q:
            case "a" | 1:
                break
            case {"k": v, **rest} if v:
                continue
            case Point(x=0, y=[first, *_]) as whole:
                assert whole, "no"
            case models.RED | None:
                nonlocal_ = yield
            case _:
                ...
    else:
        return await q


class Shop[T](Base, metaclass=Meta):
    name: str = "x"

    @property
    def total(self): return sum(i.price for i in self.items)


if __name__ == "__main__":
    find(); exit(1)
