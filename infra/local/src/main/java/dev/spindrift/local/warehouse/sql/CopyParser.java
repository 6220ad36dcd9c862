package dev.spindrift.local.warehouse.sql;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads COPY INTO a table from a stage. */
final class CopyParser {
    private final TokenReader in;
    private final QueryParser queries;
    private final OptionReader options;

    CopyParser(TokenReader in, QueryParser queries, OptionReader options) {
        this.in = in;
        this.queries = queries;
        this.options = options;
    }

    Statement copy() {
        in.expect("COPY", "INTO");
        if (in.seesKind(Token.Kind.STAGE) || in.seesKind(Token.Kind.STRING)) {
            throw in.unsupported("COPY INTO a stage (unloading)");
        }
        Name table = in.name();
        List<String> columns = in.sees("(") ? in.identifiers() : List.of();
        in.expect("FROM");
        Query.Select transformation = null;
        StagePath from;
        if (in.takes("(")) {
            transformation = queries.select();
            in.expect(")");
            if (!(transformation.from() instanceof Relation.Staged staged)) {
                throw in.unsupported("COPY FROM a query whose source is not one stage");
            }
            refuseClauses(transformation);
            from = staged.path();
        } else {
            from = StageParser.path(in);
        }
        return options(table, columns, from, transformation);
    }

    private void refuseClauses(Query.Select query) {
        boolean plain = !query.distinct()
                && query.where() == null
                && query.groupBy().isEmpty()
                && !query.groupByAll()
                && query.having() == null
                && query.qualify() == null;
        if (!plain) {
            throw in.unsupported("COPY transformation with more than SELECT and FROM");
        }
    }

    private Statement options(
            Name table, List<String> columns, StagePath from, Query.@org.jspecify.annotations.Nullable Select query) {
        List<String> files = List.of();
        String pattern = null;
        Map<String, String> values = new LinkedHashMap<>();
        while (options.seesOption()) {
            if (in.takes("FILES", "=")) {
                files = options.strings();
            } else if (in.takes("PATTERN", "=")) {
                pattern = in.string();
            } else {
                options.option("", values);
            }
            in.takes(",");
        }
        return new Statement.Copy(table, columns, from, query, files, pattern, values);
    }
}
