package dev.spindrift.local.warehouse.engine;

import dev.spindrift.local.warehouse.sql.Name;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A session as translations see it, with the current names of the session or of the place of a view. */
record SessionEnvironment(
        DuckDbSession session,
        Instant now,
        @Nullable String database,
        @Nullable String schema) implements Environment {

    @Override
    public Catalog.Key resolve(Catalog.Namespace namespace, Name name) {
        return Names.resolve(namespace, name, database, schema);
    }

    @Override
    public Catalog.Entry require(Catalog.Namespace namespace, Name name) {
        Catalog.Key key = resolve(namespace, name);
        Catalog.Entry entry = session.find(key);
        if (entry == null) {
            throw Failures.missing(namespace.shown(), key.shown());
        }
        return entry;
    }

    @Override
    public @Nullable String current(String what) {
        return switch (what) {
            case "DATABASE" -> database;
            case "SCHEMA" -> schema;
            default -> session.current(what);
        };
    }

    @Override
    public Bound result(String queryId) {
        return session.result(queryId);
    }

    @Override
    public @Nullable String earlierQuery(int distance) {
        return session.earlierQuery(distance);
    }

    @Override
    public @Nullable Bound informationSchema(String ofDatabase, String name) {
        Listings.Listing listing = session.listings(this).informationSchema(ofDatabase, name);
        return listing == null ? null : KeptResults.rows(listing.columns(), listing.rows());
    }

    @Override
    public Environment within(String otherDatabase, String otherSchema) {
        return new SessionEnvironment(session, now, otherDatabase, otherSchema);
    }
}
