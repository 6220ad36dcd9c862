package dev.spindrift.local.warehouse.sql;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One statement of the closed set that the local warehouse knows. */
public sealed interface Statement {

    record Select(Query query) implements Statement {}

    /** INSERT; no columns named means all. */
    record Insert(Name table, List<String> columns, Query source) implements Statement {}

    record Update(
            Name table,
            @Nullable String alias,
            List<Assignment> assignments,
            @Nullable Relation from,
            @Nullable Expression where)
            implements Statement {}

    record Delete(
            Name table,
            @Nullable String alias,
            @Nullable Relation using,
            @Nullable Expression where) implements Statement {}

    record Merge(Name table, @Nullable String alias, Relation source, Expression on, List<MergeClause> clauses)
            implements Statement {}

    /**
     * COPY INTO a table.
     *
     * @param transformation null where the files' columns are taken by MATCH_BY_COLUMN_NAME
     * @param options upper-case names; those of FILE_FORMAT as {@code FILE_FORMAT.TYPE}
     */
    record Copy(
            Name table,
            List<String> columns,
            StagePath from,
            Query.@Nullable Select transformation,
            List<String> files,
            @Nullable String pattern,
            Map<String, String> options)
            implements Statement {}

    /** CREATE TABLE, with a query if it is CREATE TABLE AS. */
    record CreateTable(
            Name name,
            boolean orReplace,
            boolean ifNotExists,
            Persistence persistence,
            List<ColumnDefinition> columns,
            @Nullable Query query,
            @Nullable String comment)
            implements Statement {}

    /** CREATE VIEW, with its query also as written. */
    record CreateView(
            Name name,
            boolean orReplace,
            boolean ifNotExists,
            List<String> columns,
            Query query,
            String text,
            @Nullable String comment)
            implements Statement {}

    /** CREATE of a thing that has a name and options and nothing else: DATABASE, SCHEMA, STAGE, ROLE, ... */
    record CreateNamed(
            String kind,
            Name name,
            boolean orReplace,
            boolean ifNotExists,
            boolean temporary,
            Map<String, String> options)
            implements Statement {}

    record Drop(String kind, Name name, boolean ifExists) implements Statement {}

    /** GRANT or REVOKE, which is accepted as it is. */
    record Grant(String text, boolean revoke) implements Statement {}

    record AlterSession(Map<String, String> set, List<String> unset) implements Statement {}

    record Use(String kind, Name name) implements Statement {}

    record Truncate(Name table, boolean ifExists) implements Statement {}

    record Begin(@Nullable String name) implements Statement {}

    record Commit() implements Statement {}

    record Rollback() implements Statement {}

    record ListFiles(StagePath path, @Nullable String pattern) implements Statement {}

    record RemoveFiles(StagePath path, @Nullable String pattern) implements Statement {}

    record Put(String file, StagePath path, Map<String, String> options) implements Statement {}

    record Get(StagePath path, String folder, Map<String, String> options) implements Statement {}

    /** SHOW; the kind is in the plural: TABLES, SCHEMAS, ... */
    record Show(
            String kind,
            @Nullable String like,
            @Nullable String scope,
            @Nullable Name in,
            @Nullable String startsWith,
            @Nullable Integer limit)
            implements Statement {}

    record Describe(String kind, Name name) implements Statement {}

    /** How long a table lives. */
    enum Persistence {
        PERMANENT,
        TRANSIENT,
        TEMPORARY
    }

    record ColumnDefinition(
            String name,
            TypeName type,
            boolean notNull,
            @Nullable Expression defaultValue,
            @Nullable String defaultText,
            @Nullable String comment) {}

    record Assignment(String column, Expression value) {}

    /** One WHEN of a MERGE. */
    sealed interface MergeClause {
        @Nullable
        Expression condition();

        record UpdateMatched(@Nullable Expression condition, List<Assignment> assignments) implements MergeClause {}

        record DeleteMatched(@Nullable Expression condition) implements MergeClause {}

        record InsertUnmatched(@Nullable Expression condition, List<String> columns, List<Expression> values)
                implements MergeClause {}
    }
}
