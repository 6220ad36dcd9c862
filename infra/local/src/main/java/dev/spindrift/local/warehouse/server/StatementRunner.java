package dev.spindrift.local.warehouse.server;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spindrift.local.warehouse.engine.Bind;
import dev.spindrift.local.warehouse.engine.SqlFailure;
import dev.spindrift.local.warehouse.engine.SqlSession;
import dev.spindrift.local.warehouse.engine.StatementResult;
import dev.spindrift.local.warehouse.engine.StatementType;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs what a request asks for in its session, and completes its query with the reply. */
final class StatementRunner {
    private static final Logger LOG = LoggerFactory.getLogger(StatementRunner.class);

    /** Snowflake's default; so long a statement is not watched. */
    private static final long NO_TIMEOUT_SECONDS = 172_800;

    private final ResultFiles files;
    private final StageReplies stages;
    private final ScheduledExecutorService timers;

    StatementRunner(ResultFiles files, StageReplies stages, ScheduledExecutorService timers) {
        this.files = files;
        this.stages = stages;
        this.timers = timers;
    }

    void run(Session session, Query query, StatementRequest request) {
        if (!session.begin(query)) {
            fail(query, new SqlFailure("000604", "57014", "SQL execution canceled"));
            return;
        }
        Future<?> timer = null;
        try {
            timer = watch(session, query, request);
            Reply reply = reply(session, query, request);
            session.end();
            query.succeed(reply);
        } catch (SqlFailure e) {
            session.end();
            fail(query, e);
        } catch (ProtocolFailure e) {
            session.end();
            query.fail(e.code(), e.sqlState(), String.valueOf(e.getMessage()));
        } catch (IOException | RuntimeException | Error e) {
            LOG.error("Cannot run statement {}: {}", query.id(), query.sql(), e);
            session.end();
            query.fail("000603", "XX000", "SQL execution internal error: " + e);
        } finally {
            if (timer != null) {
                timer.cancel(false);
            }
        }
    }

    private @Nullable Future<?> watch(Session session, Query query, StatementRequest request) {
        long seconds =
                request.number("STATEMENT_TIMEOUT_IN_SECONDS", session.sql().parameters(), NO_TIMEOUT_SECONDS);
        if (seconds <= 0 || seconds >= NO_TIMEOUT_SECONDS) {
            return null;
        }
        return timers.schedule(() -> session.cancel(query, true), seconds, TimeUnit.SECONDS);
    }

    private static void fail(Query query, SqlFailure failure) {
        if (query.timedOut() && failure.code().equals("000604")) {
            query.fail(
                    "000630",
                    "57014",
                    "Statement reached its statement or warehouse timeout and was canceled. Raise"
                            + " STATEMENT_TIMEOUT_IN_SECONDS.");
        } else {
            query.fail(failure.code(), failure.sqlState(), String.valueOf(failure.getMessage()));
        }
    }

    private Reply reply(Session session, Query query, StatementRequest request) throws IOException {
        List<String> statements = session.sql().split(request.sql());
        long wanted = request.number("MULTI_STATEMENT_COUNT", session.sql().parameters(), 1);
        if (statements.isEmpty()) {
            throw new SqlFailure("000900", "42601", "Empty SQL statement.");
        }
        if (wanted != 0 && wanted != statements.size()) {
            throw new SqlFailure(
                    "000008",
                    "0A000",
                    "Actual statement count " + statements.size() + " did not match the desired statement count "
                            + wanted + ".");
        }
        if (statements.size() > 1) {
            return request.describeOnly() ? multiDescribed(session, query) : multi(session, query, request, statements);
        }
        String statement = statements.get(0);
        return request.describeOnly()
                ? described(session, query, statement)
                : one(session, query.id(), statement, request.binds(), request.address());
    }

    private Reply one(Session session, String queryId, String statement, List<Bind> binds, String address)
            throws IOException {
        return Reply.success(execute(session, queryId, statement, binds, address));
    }

    private ObjectNode execute(Session session, String queryId, String statement, List<Bind> binds, String address)
            throws IOException {
        StatementResult result = session.sql().execute(statement, binds, queryId);
        ObjectNode data;
        boolean arrays = false;
        if (result instanceof StatementResult.Rows rows) {
            data = rows(session, rows, address);
            arrays = rows.type() == StatementType.INSERT && takesArrays(session, statement, binds);
        } else if (result instanceof StatementResult.Put put) {
            data = stages.upload(put, session.id(), address);
        } else if (result instanceof StatementResult.Get get) {
            data = stages.download(get, session.id(), address);
        } else {
            data = statusRow("Statement executed successfully.");
            data.put("statementTypeId", StatementType.ALTER_SESSION.id());
        }
        finish(session, data, queryId, binds.size());
        data.put("arrayBindSupported", arrays);
        return data;
    }

    /** Whether a batch may come as arrays. Drivers ask only once, and take it from a first execution, too. */
    private static boolean takesArrays(Session session, String statement, List<Bind> binds) {
        if (binds.isEmpty() || binds.get(0).array()) {
            return !binds.isEmpty();
        }
        try {
            return session.sql().describe(statement).arrayBindSupported();
        } catch (SqlFailure e) {
            return false; // It has run already; a batch would come row by row.
        }
    }

    private ObjectNode rows(Session session, StatementResult.Rows rows, String address) throws IOException {
        ObjectNode data = Json.MAPPER.createObjectNode();
        try (StatementResult.RowCursor cursor = rows.cursor();
                ResultWriter writer = new ResultWriter(files, session.id(), address, rows.columns())) {
            writer.write(cursor);
            writer.describe(data);
        }
        data.put("statementTypeId", rows.type().id());
        return data;
    }

    private Reply described(Session session, Query query, String statement) {
        SqlSession.Description description = session.sql().describe(statement);
        ObjectNode data = Json.MAPPER.createObjectNode();
        data.set("rowtype", RowType.describe(description.columns()));
        data.putArray("rowset");
        data.put("total", 0).put("returned", 0);
        data.put("statementTypeId", description.type().id());
        finish(session, data, query.id(), description.numberOfBinds());
        data.put("arrayBindSupported", description.arrayBindSupported());
        for (int i = 0; i < description.numberOfBinds(); i++) {
            // The engine knows no types of binds, and Snowflake, too, says TEXT of most.
            data.withArray("metaDataOfBinds")
                    .addObject()
                    .put("precision", 0)
                    .put("scale", 0)
                    .put("length", 0)
                    .put("byteLength", 0)
                    .put("nullable", true)
                    .put("name", "?")
                    .put("type", "text");
        }
        return Reply.success(data);
    }

    private Reply multiDescribed(Session session, Query query) {
        ObjectNode data = statusRow("Multiple statements executed successfully.");
        data.put("statementTypeId", StatementType.MULTI_STATEMENT.id());
        finish(session, data, query.id(), 0);
        return Reply.success(data);
    }

    /** Runs statements one after the other, each a query of its own; the first that fails is the failure of all. */
    private Reply multi(Session session, Query query, StatementRequest request, List<String> statements)
            throws IOException {
        List<String> ids = new ArrayList<>();
        List<String> types = new ArrayList<>();
        int bound = 0;
        for (String statement : statements) {
            if (query.cancelled()) {
                throw new SqlFailure("000604", "57014", "SQL execution canceled");
            }
            List<Bind> binds = List.of();
            if (!request.binds().isEmpty()) {
                int count = session.sql().describe(statement).numberOfBinds();
                int end = Math.min(request.binds().size(), bound + count);
                binds = request.binds().subList(bound, end);
                bound = end;
            }
            Query child = new Query(statement);
            ObjectNode data = execute(session, child.id(), statement, binds, request.address());
            child.succeed(Reply.success(data));
            session.log().add(child);
            ids.add(child.id());
            types.add(data.path("statementTypeId").asText());
        }
        ObjectNode data = statusRow("Multiple statements executed successfully.");
        data.put("resultIds", String.join(",", ids));
        data.put("resultTypes", String.join(",", types));
        data.put("statementTypeId", StatementType.MULTI_STATEMENT.id());
        finish(session, data, query.id(), request.binds().size());
        return Reply.success(data);
    }

    private static ObjectNode statusRow(String status) {
        ObjectNode data = Json.MAPPER.createObjectNode();
        data.putArray("rowtype")
                .addObject()
                .put("name", "status")
                .put("type", "text")
                .put("length", 16_777_216)
                .put("byteLength", 16_777_216)
                .put("nullable", true);
        data.putArray("rowset").addArray().add(status);
        data.put("total", 1).put("returned", 1);
        return data;
    }

    /** What every result says of the session that it leaves behind. */
    private static void finish(Session session, ObjectNode data, String queryId, int numberOfBinds) {
        SqlSession.Context context = session.sql().context();
        data.set("parameters", Parameters.describe(session.sql().parameters()));
        data.put("queryId", queryId);
        data.put("finalDatabaseName", context.database());
        data.put("finalSchemaName", context.schema());
        data.put("finalWarehouseName", context.warehouse());
        data.put("finalRoleName", context.role());
        data.put("numberOfBinds", numberOfBinds);
        data.put("arrayBindSupported", false);
        data.put("version", 1);
        data.put("queryResultFormat", "json");
    }
}
