"""Owns a process that saves without end and says what was acknowledged; the tests kill it."""

from __future__ import annotations

import io
import sys
import uuid

from erp_widget.store import ChartDraft, open_store


def main() -> None:
    """Save charts and upload files until killed, or as often as asked.

    Arguments: location, user, number of saves (0: without end).
    """
    location, user, wanted = sys.argv[1], sys.argv[2], int(sys.argv[3])
    store = open_store(location)
    n = 0
    while wanted == 0 or n < wanted:
        n += 1
        id = str(uuid.uuid4())
        store.save_chart(user, ChartDraft(f"Chart {n}", "bar", ("a",), {"id": id}), id)
        sys.stdout.write(f"chart {id}\n")
        if n % 5 == 0:
            data = id.encode() * 20_000
            dataset = store.add_dataset(
                user,
                name=id,
                columns=["a"],
                n_rows=n,
                fingerprint=id,
                content=io.BytesIO(data),
                format="csv",
            )
            sys.stdout.write(f"dataset {dataset.id}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
