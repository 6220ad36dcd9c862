package dev.spindrift.local.warehouse.engine;

import dev.spindrift.local.warehouse.sql.Name;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What a translation asks of the session around it. */
interface Environment {

    /** A name of a relation or stage in full, by the current database and schema. */
    Catalog.Key resolve(Catalog.Namespace namespace, Name name);

    /** The thing under a name; fails if there is none. */
    Catalog.Entry require(Catalog.Namespace namespace, Name name);

    /** The statement's own time, the same wherever it is asked. */
    Instant now();

    /** What CURRENT_USER() and the like give; null where nothing is set. */
    @Nullable
    String current(String what);

    /** The kept result of an earlier statement, as a relation. */
    Bound result(String queryId);

    /** The identifier of the statement this many before the running one, from 1. */
    @Nullable
    String earlierQuery(int distance);

    /** A view of the catalog by its name in INFORMATION_SCHEMA; null if there is none of that name. */
    @Nullable
    Bound informationSchema(String database, String name);

    /** The same with another current database and schema, in which a view was made. */
    Environment within(String database, String schema);
}
