package dev.spindrift.local.warehouse.sql;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads CREATE and DROP. */
final class DefinitionParser {
    private static final Set<String> NAMED = Set.of("DATABASE", "SCHEMA", "STAGE", "ROLE", "WAREHOUSE", "USER");
    private static final Set<String> DROPPED =
            Set.of("DATABASE", "SCHEMA", "STAGE", "ROLE", "WAREHOUSE", "USER", "TABLE", "VIEW");

    private final TokenReader in;
    private final QueryParser queries;
    private final OptionReader options;

    DefinitionParser(TokenReader in, QueryParser queries, OptionReader options) {
        this.in = in;
        this.queries = queries;
        this.options = options;
    }

    Statement definition() {
        return in.takes("DROP") ? drop() : create();
    }

    private Statement drop() {
        String kind = in.takes("FILE", "FORMAT") ? "FILE FORMAT" : in.peek().identifier();
        if (!kind.equals("FILE FORMAT")) {
            if (!DROPPED.contains(kind)) {
                throw in.unsupported("DROP " + kind);
            }
            in.take();
        }
        boolean ifExists = in.takes("IF", "EXISTS");
        Name name = in.name();
        if (!in.takes("CASCADE")) {
            in.takes("RESTRICT");
        }
        return new Statement.Drop(kind, name, ifExists);
    }

    private Statement create() {
        in.expect("CREATE");
        boolean orReplace = in.takes("OR", "REPLACE");
        if (!in.takes("LOCAL")) {
            in.takes("GLOBAL");
        }
        Statement.Persistence persistence = persistence();
        if (in.takes("TABLE")) {
            return table(orReplace, persistence);
        }
        if (in.takes("VIEW")) {
            return view(orReplace);
        }
        String kind = in.peek().identifier();
        if (in.takes("FILE", "FORMAT")) {
            kind = "FILE FORMAT";
        } else if (NAMED.contains(kind)) {
            in.take();
        } else {
            throw in.unsupported("CREATE " + kind);
        }
        boolean ifNotExists = in.takes("IF", "NOT", "EXISTS");
        Name name = in.name();
        Map<String, String> values = namedOptions();
        boolean temporary = persistence == Statement.Persistence.TEMPORARY;
        return new Statement.CreateNamed(kind, name, orReplace, ifNotExists, temporary, values);
    }

    private Statement.Persistence persistence() {
        if (in.takes("TEMPORARY") || in.takes("TEMP") || in.takes("VOLATILE")) {
            return Statement.Persistence.TEMPORARY;
        }
        return in.takes("TRANSIENT") ? Statement.Persistence.TRANSIENT : Statement.Persistence.PERMANENT;
    }

    private Map<String, String> namedOptions() {
        Map<String, String> values = new LinkedHashMap<>();
        in.takes("WITH");
        while (options.seesOption()) {
            options.option("", values);
            in.takes(",");
        }
        return values;
    }

    private Statement table(boolean orReplace, Statement.Persistence persistence) {
        boolean ifNotExists = in.takes("IF", "NOT", "EXISTS");
        Name name = in.name();
        if (in.sees("LIKE") || in.sees("CLONE") || in.sees("USING")) {
            throw in.unsupported("CREATE TABLE " + in.peek().identifier());
        }
        List<Statement.ColumnDefinition> columns = in.sees("(") ? columns() : List.of();
        String comment = tableOptions();
        Query query = in.takes("AS") ? queries.query() : null;
        if (columns.isEmpty() && query == null) {
            throw in.unexpected();
        }
        return new Statement.CreateTable(name, orReplace, ifNotExists, persistence, columns, query, comment);
    }

    /** Clustering, retention and the like change nothing here; the comment does. */
    private @Nullable String tableOptions() {
        String comment = null;
        while (true) {
            if (in.takes("CLUSTER", "BY", "(")) {
                queries.expressions().list();
                in.expect(")");
            } else if (options.seesOption()) {
                Map<String, String> option = new LinkedHashMap<>();
                options.option("", option);
                comment = option.getOrDefault("COMMENT", comment);
            } else {
                return comment;
            }
        }
    }

    private List<Statement.ColumnDefinition> columns() {
        in.expect("(");
        List<Statement.ColumnDefinition> columns = new ArrayList<>();
        do {
            if (!tableConstraint()) {
                columns.add(column());
            }
        } while (in.takes(","));
        in.expect(")");
        return columns;
    }

    /** Keys are declared, not enforced, as Snowflake has it; whether one was there. */
    private boolean tableConstraint() {
        if (in.sees("CONSTRAINT")) {
            in.take();
            in.identifier();
        }
        if (in.sees("FOREIGN", "KEY")) {
            throw in.unsupported("FOREIGN KEY");
        }
        if (in.sees("PRIMARY", "KEY") || in.sees("UNIQUE", "(")) {
            in.take();
            in.takes("KEY");
            in.identifiers();
            return true;
        }
        return false;
    }

    private Statement.ColumnDefinition column() {
        String name = in.identifier();
        TypeName type = queries.expressions().type();
        boolean notNull = false;
        Expression defaultValue = null;
        String defaultText = null;
        String comment = null;
        while (!in.sees(",") && !in.sees(")")) {
            if (in.takes("NOT", "NULL") || in.takes("PRIMARY", "KEY")) {
                notNull = true;
            } else if (in.takes("DEFAULT")) {
                int start = in.start();
                defaultValue = queries.expressions().expression();
                defaultText = in.textFrom(start);
            } else if (in.takes("COMMENT")) {
                comment = in.string();
            } else if (!in.takes("NULL") && !in.takes("UNIQUE")) {
                throw in.unsupported("column option " + in.peek().text());
            }
        }
        return new Statement.ColumnDefinition(name, type, notNull, defaultValue, defaultText, comment);
    }

    private Statement view(boolean orReplace) {
        boolean ifNotExists = in.takes("IF", "NOT", "EXISTS");
        Name name = in.name();
        List<String> columns = in.sees("(") ? in.identifiers() : List.of();
        if (orReplace) {
            // Nothing to do: grants are not kept.
            in.takes("COPY", "GRANTS");
        }
        String comment = tableOptions();
        in.expect("AS");
        int start = in.start();
        Query query = queries.query();
        return new Statement.CreateView(name, orReplace, ifNotExists, columns, query, in.textFrom(start), comment);
    }
}
