package dev.spindrift.local.warehouse.sql;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What stands in a FROM clause. */
public sealed interface Relation {

    record Table(Name name, @Nullable Alias alias) implements Relation {}

    record Derived(Query query, @Nullable Alias alias) implements Relation {}

    /** {@code TABLE(f(...))} or {@code LATERAL f(...)}. */
    record Function(Expression.Call call, @Nullable Alias alias) implements Relation {}

    /** Files on a stage. */
    record Staged(StagePath path, @Nullable Alias alias) implements Relation {}

    /** INNER, LEFT, RIGHT, FULL or CROSS. */
    record Join(
            String kind,
            Relation left,
            Relation right,
            @Nullable Expression on,
            List<String> using) implements Relation {}

    /** AS; no columns named keeps their names. */
    record Alias(String name, List<String> columns) {}
}
