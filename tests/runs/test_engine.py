"""Where the engine of durable work keeps what it remembers."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

WORKERS, TAKES = 4, 10


def test_no_two_workers_read_the_same_room_in_a_queue(tmp_path: Path) -> None:
    from sqlalchemy import text  # here, for with the engine it takes half a second to load

    from evenbook.runs.jobs.engine import file_store

    stores = [file_store(tmp_path / "work.sqlite3") for _ in range(WORKERS)]
    with stores[0].begin() as opened:
        opened.execute(text("create table taken (place integer)"))

    def take(worker: int) -> None:
        for _ in range(TAKES):
            with stores[worker].begin() as opened:
                place = opened.execute(text("select count(*) from taken")).scalar_one()
                time.sleep(0.002)
                opened.execute(text("insert into taken values (:place)"), {"place": place})

    with ThreadPoolExecutor(WORKERS) as pool:
        list(pool.map(take, range(WORKERS)))

    with stores[0].begin() as opened:
        places = [row.place for row in opened.execute(text("select place from taken order by place"))]
    assert places == list(range(WORKERS * TAKES))
    for store in stores:
        store.dispose()
