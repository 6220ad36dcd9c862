package dev.spindrift.local.warehouse.engine;

import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Rows that are there already. */
final class ListCursor implements StatementResult.RowCursor {
    private final Iterator<@Nullable Object[]> rows;

    ListCursor(List<@Nullable Object[]> rows) {
        this.rows = rows.iterator();
    }

    @Override
    public @Nullable Object @Nullable [] next() {
        return rows.hasNext() ? rows.next() : null;
    }

    @Override
    public void close() {}
}
