package dev.spindrift.local.warehouse.engine;

import dev.spindrift.local.warehouse.sql.Expression;
import dev.spindrift.local.warehouse.sql.Name;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The relations that an expression can name columns of; where it finds none, the query around it is asked. */
final class Scope {

    /**
     * A relation.
     *
     * @param qualifier the parts that may stand before a column's name, such as DB, SCHEMA, TABLE, or one alias
     * @param hidden columns that are found under the qualifier only
     */
    private record Source(List<String> qualifier, List<Field> fields, Set<String> hidden) {

        Source hiding(List<String> columns) {
            Set<String> all = new HashSet<>(hidden);
            all.addAll(columns);
            return new Source(qualifier, fields, all);
        }
    }

    private final @Nullable Scope outer;
    private final List<Source> sources = new ArrayList<>();
    private final Map<String, Expression> aliases = new HashMap<>();

    private @Nullable StagedColumns staged;

    Scope(@Nullable Scope outer) {
        this.outer = outer;
    }

    void add(List<String> qualifier, List<Field> fields) {
        sources.add(new Source(qualifier, fields, Set.of()));
    }

    /** Lets {@code $1} name the rows of staged files. */
    void stage(StagedColumns columns) {
        this.staged = columns;
    }

    /** What {@code $1} names; null where it is an ordinary relation's first column. */
    @Nullable
    StagedColumns staged() {
        return staged;
    }

    int sources() {
        return sources.size();
    }

    /** Takes over another's relations, from one of them on. */
    void copy(Scope other, int from) {
        sources.addAll(other.sources.subList(from, other.sources.size()));
    }

    /**
     * After JOIN ... USING, the columns named there stand once, unqualified: a relation without a qualifier takes their
     * place, and the joined ones keep them only under their own names.
     */
    void merge(List<String> columns, Scope left, Scope right, String kind) {
        sources.subList(sources.size() - left.sources.size() - right.sources.size(), sources.size())
                .clear();
        List<Field> shared = new ArrayList<>();
        for (String column : columns) {
            Typed a = Objects.requireNonNull(left.find(Name.of(column)));
            Typed b = Objects.requireNonNull(right.find(Name.of(column)));
            Typed one = kind.equals("FULL")
                    ? new Typed("coalesce(" + a.sql() + ", " + b.sql() + ")", a.type())
                    : kind.equals("RIGHT") ? b : a;
            shared.add(new Field(column, one));
        }
        sources.add(new Source(List.of(), shared, Set.of()));
        left.sources.forEach(source -> sources.add(source.hiding(columns)));
        right.sources.forEach(source -> sources.add(source.hiding(columns)));
    }

    /** Lets other expressions of the same SELECT name an item by its alias, where no column has that name. */
    void alias(String name, Expression value) {
        aliases.putIfAbsent(name, value);
    }

    @Nullable
    Expression aliased(Name name) {
        return name.parts().size() == 1 ? aliases.get(name.last()) : null;
    }

    /** Takes an alias away for as long as it is itself being read, since it may name a column like itself. */
    void hide(String name) {
        aliases.remove(name);
    }

    /** The column, or null if there is none of this name. */
    @Nullable
    Typed find(Name name) {
        Typed found = null;
        for (Source source : sources) {
            if (!qualifies(source, name)) {
                continue;
            }
            for (Field field : source.fields()) {
                boolean hidden = name.parts().size() == 1 && source.hidden().contains(field.name());
                if (field.name().equals(name.last()) && !hidden) {
                    if (found != null) {
                        throw Failures.ambiguous(name.toString());
                    }
                    found = field.value();
                }
            }
        }
        return found;
    }

    @Nullable
    Typed findOutside(Name name) {
        for (Scope scope = outer; scope != null; scope = scope.outer) {
            Typed found = scope.find(name);
            if (found != null) {
                return found;
            }
        }
        return null;
    }

    private static boolean qualifies(Source source, Name name) {
        List<String> said = name.parts().subList(0, name.parts().size() - 1);
        int skipped = source.qualifier().size() - said.size();
        return skipped >= 0
                && source.qualifier()
                        .subList(skipped, source.qualifier().size())
                        .equals(said);
    }

    /** All columns, or those of one relation; empty if there is no such relation. */
    List<Field> all(@Nullable Name qualifier) {
        List<Field> fields = new ArrayList<>();
        for (Source source : sources) {
            if (qualifier == null || qualifies(source, withColumn(qualifier))) {
                source.fields().stream()
                        .filter(field -> qualifier != null || !source.hidden().contains(field.name()))
                        .forEach(fields::add);
            }
        }
        return fields;
    }

    private static Name withColumn(Name qualifier) {
        List<String> parts = new ArrayList<>(qualifier.parts());
        parts.add("*");
        return new Name(parts);
    }
}
