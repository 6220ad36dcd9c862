package dev.spindrift.local.warehouse.engine;

import dev.spindrift.local.warehouse.sql.Name;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes names full by a current database and schema. */
final class Names {
    private Names() {}

    static Catalog.Key resolve(
            Catalog.Namespace namespace, Name name, @Nullable String database, @Nullable String schema) {
        List<String> parts = name.parts();
        return switch (namespace) {
            case DATABASE, ROLE, WAREHOUSE, USER -> {
                require(parts.size() == 1, name);
                yield Catalog.account(namespace, parts.get(0));
            }
            case SCHEMA -> {
                require(parts.size() <= 2, name);
                yield Catalog.schema(parts.size() == 2 ? parts.get(0) : said(database), name.last());
            }
            case RELATION, STAGE, FILE_FORMAT -> {
                require(parts.size() <= 3, name);
                String inDatabase = parts.size() == 3 ? parts.get(0) : said(database);
                String inSchema = parts.size() >= 2 ? parts.get(parts.size() - 2) : said(schema);
                yield new Catalog.Key(namespace, inDatabase, inSchema, name.last());
            }
        };
    }

    private static void require(boolean right, Name name) {
        if (!right) {
            throw Failures.invalidIdentifier(name.toString());
        }
    }

    private static String said(@Nullable String name) {
        if (name == null) {
            throw Failures.noDatabase();
        }
        return name;
    }
}
