package dev.spindrift.local.warehouse.sql;

import java.util.ArrayList;
import java.util.List;

/** Reads MERGE, and the assignments that it shares with UPDATE. */
final class MergeParser {
    private final TokenReader in;
    private final QueryParser queries;

    MergeParser(TokenReader in, QueryParser queries) {
        this.in = in;
        this.queries = queries;
    }

    Statement merge() {
        in.expect("MERGE", "INTO");
        Name table = in.name();
        Relation.Alias alias = queries.alias();
        in.expect("USING");
        Relation source = queries.relation();
        in.expect("ON");
        Expression on = queries.expressions().expression();
        List<Statement.MergeClause> clauses = new ArrayList<>();
        while (in.takes("WHEN")) {
            clauses.add(in.takes("NOT") ? unmatched() : matched());
        }
        if (clauses.isEmpty()) {
            throw in.unexpected();
        }
        return new Statement.Merge(table, alias == null ? null : alias.name(), source, on, clauses);
    }

    private Statement.MergeClause matched() {
        in.expect("MATCHED");
        Expression condition = in.takes("AND") ? queries.expressions().expression() : null;
        in.expect("THEN");
        if (in.takes("DELETE")) {
            return new Statement.MergeClause.DeleteMatched(condition);
        }
        in.expect("UPDATE");
        in.expect("SET");
        return new Statement.MergeClause.UpdateMatched(condition, assignments(in, queries.expressions()));
    }

    private Statement.MergeClause unmatched() {
        in.expect("MATCHED");
        if (in.sees("BY")) {
            throw in.unsupported("WHEN NOT MATCHED BY");
        }
        Expression condition = in.takes("AND") ? queries.expressions().expression() : null;
        in.expect("THEN", "INSERT");
        List<String> columns = new ArrayList<>();
        if (in.takes("(")) {
            do {
                columns.add(in.name().last());
            } while (in.takes(","));
            in.expect(")");
        }
        in.expect("VALUES", "(");
        List<Expression> values = queries.expressions().list();
        in.expect(")");
        return new Statement.MergeClause.InsertUnmatched(condition, columns, values);
    }

    static List<Statement.Assignment> assignments(TokenReader in, ExpressionParser expressions) {
        List<Statement.Assignment> assignments = new ArrayList<>();
        do {
            // The target's name or alias may stand before the column's.
            String column = in.name().last();
            in.expect("=");
            assignments.add(new Statement.Assignment(column, expressions.expression()));
        } while (in.takes(","));
        return assignments;
    }
}
