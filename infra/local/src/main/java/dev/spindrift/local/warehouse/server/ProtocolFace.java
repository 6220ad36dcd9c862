package dev.spindrift.local.warehouse.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import dev.spindrift.local.warehouse.engine.SqlEngine;
import dev.spindrift.local.warehouse.engine.SqlFailure;
import dev.spindrift.local.warehouse.engine.SqlSession;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.RejectedExecutionException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The endpoints that drivers call. Whatever goes wrong is told in a reply: an HTTP error makes drivers retry. */
final class ProtocolFace implements HttpHandler {
    private static final Logger LOG = LoggerFactory.getLogger(ProtocolFace.class);
    private static final Pattern RESULT = Pattern.compile("/queries/([0-9a-fA-F-]{1,64})/result");
    private static final Pattern MONITOR = Pattern.compile("/monitoring/queries/([0-9a-fA-F-]{1,64})");

    private final SqlEngine engine;
    private final Users users;
    private final Sessions sessions;
    private final StatementRunner runner;
    private final ResultFiles files;
    private final Faults faults;

    ProtocolFace(
            SqlEngine engine,
            Users users,
            Sessions sessions,
            StatementRunner runner,
            ResultFiles files,
            Faults faults) {
        this.engine = engine;
        this.users = users;
        this.sessions = sessions;
        this.runner = runner;
        this.files = files;
        this.faults = faults;
    }

    @Override
    public void handle(HttpExchange exchange) {
        try (exchange) {
            String path = exchange.getRequestURI().getPath();
            if (path.startsWith(ResultFiles.ROOT)) {
                files.serve(exchange);
                return;
            }
            Reply reply = reply(exchange, path);
            if (reply != null) {
                Requests.discardRest(exchange);
                exchange.getResponseHeaders().set("Content-Type", "application/json");
                exchange.sendResponseHeaders(200, reply.body().length);
                exchange.getResponseBody().write(reply.body());
            }
        } catch (IOException e) {
            LOG.debug("A client went away", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The reply; null if there is to be none, or if it has been sent. */
    private @Nullable Reply reply(HttpExchange exchange, String path) throws IOException, InterruptedException {
        try {
            return route(exchange, path);
        } catch (ProtocolFailure e) {
            return Reply.failure(e);
        } catch (SqlFailure e) {
            return Reply.failure(e.code(), e.sqlState(), String.valueOf(e.getMessage()), null);
        } catch (Requests.TooLargeException e) {
            LOG.warn("{}", e.getMessage());
            exchange.sendResponseHeaders(413, -1);
            return null;
        } catch (RuntimeException e) {
            LOG.error("Cannot answer {}", path, e);
            return Reply.failure("000603", "XX000", "Internal error: " + e, null);
        }
    }

    private @Nullable Reply route(HttpExchange exchange, String path) throws IOException, InterruptedException {
        Matcher result = RESULT.matcher(path);
        if (result.matches()) {
            return answer(session(exchange), result.group(1));
        }
        Matcher monitor = MONITOR.matcher(path);
        if (monitor.matches()) {
            return Monitoring.describe(sessions.find(session(exchange).user(), monitor.group(1)));
        }
        return switch (path) {
            case "/session/v1/login-request" -> login(exchange);
            case "/session/token-request" -> renew(exchange);
            case "/session/heartbeat" -> {
                session(exchange);
                yield Reply.success(Json.MAPPER.nullNode());
            }
            case "/session" -> logout(exchange);
            case "/queries/v1/query-request" -> query(exchange);
            case "/queries/v1/abort-request" -> abort(exchange);
            case "/telemetry/send", "/telemetry/send/sessionless" -> {
                Requests.body(exchange, Requests.LARGEST_OTHER);
                yield Reply.success(Json.MAPPER.nullNode());
            }
            default -> {
                exchange.sendResponseHeaders(404, -1);
                yield null;
            }
        };
    }

    private Session session(HttpExchange exchange) {
        return sessions.authorize(Requests.token(exchange));
    }

    private Reply login(HttpExchange exchange) throws IOException {
        JsonNode login = Requests.body(exchange, Requests.LARGEST_OTHER).path("data");
        Map<String, String> query = Requests.query(exchange);
        String user = users.authenticate(login);
        sessions.makeRoom();
        Map<String, String> parameters = new TreeMap<>();
        for (Map.Entry<String, JsonNode> entry :
                login.path("SESSION_PARAMETERS").properties()) {
            parameters.put(entry.getKey(), entry.getValue().asText());
        }
        SqlSession sql = engine.openSession(
                user,
                query.get("databaseName"),
                query.get("schemaName"),
                query.get("warehouse"),
                query.get("roleName"),
                parameters);
        Session session = sessions.open(user, sql);
        ObjectNode data = Json.MAPPER.createObjectNode();
        putTokens(data, session, "token");
        data.put("displayUserName", user);
        data.put("serverVersion", "9.0.0");
        data.put("firstLogin", false);
        data.put("healthCheckInterval", 45);
        data.put("sessionId", Long.parseLong(session.id()));
        data.putNull("newClientForUpgrade");
        SqlSession.Context context = sql.context();
        data.putObject("sessionInfo")
                .put("databaseName", context.database())
                .put("schemaName", context.schema())
                .put("warehouseName", context.warehouse())
                .put("roleName", context.role());
        data.set("parameters", Parameters.describe(sql.parameters()));
        return Reply.success(data);
    }

    private Reply renew(HttpExchange exchange) throws IOException {
        Requests.body(exchange, Requests.LARGEST_OTHER);
        Session session = sessions.renew(Requests.token(exchange));
        ObjectNode data = Json.MAPPER.createObjectNode();
        putTokens(data, session, "sessionToken");
        data.put("sessionId", Long.parseLong(session.id()));
        return Reply.success(data);
    }

    private static void putTokens(ObjectNode data, Session session, String tokenField) {
        Session.Tokens tokens = session.tokens();
        data.put(tokenField, tokens.token());
        data.put("masterToken", tokens.master());
        data.put("validityInSeconds", 3600);
        data.put("validityInSecondsST", 3600);
        data.put("masterValidityInSeconds", Sessions.MASTER_LIFETIME.toSeconds());
        data.put("validityInSecondsMT", Sessions.MASTER_LIFETIME.toSeconds());
    }

    private Reply logout(HttpExchange exchange) {
        if (!"true".equals(Requests.query(exchange).get("delete"))) {
            throw ProtocolFailure.malformed("a session can only be deleted");
        }
        sessions.close(session(exchange));
        return Reply.success(Json.MAPPER.nullNode());
    }

    private @Nullable Reply query(HttpExchange exchange) throws IOException, InterruptedException {
        Session session = session(exchange);
        String requestId = Requests.query(exchange)
                .getOrDefault("requestId", UUID.randomUUID().toString());
        StatementRequest request =
                StatementRequest.read(Requests.body(exchange, Requests.LARGEST_QUERY), Address.of(exchange));
        QueryLog.Entry entry = session.log().enter(requestId, () -> new Query(request.sql()));
        Query query = entry.query();
        if (entry.first()) {
            try {
                session.submit(() -> runner.run(session, query, request));
            } catch (RejectedExecutionException e) {
                query.fail("000625", "57014", "Too many statements are waiting in this session.");
            }
        }
        if (request.async()) {
            return Reply.pending(query, true);
        }
        Reply reply = query.await(faults.patience());
        if (reply != null && faults.losesReply(query.sql())) {
            return null;
        }
        return reply == null ? Reply.pending(query, false) : reply;
    }

    private Reply answer(Session session, String queryId) throws InterruptedException {
        Optional<Query> query = sessions.find(session.user(), queryId);
        if (query.isEmpty()) {
            return Reply.failure("000709", "02000", "Statement " + queryId + " not found", queryId);
        }
        Reply reply = query.get().await(faults.patience());
        return reply == null ? Reply.pending(query.get(), false) : reply;
    }

    private Reply abort(HttpExchange exchange) throws IOException {
        Session session = session(exchange);
        String requestId = Requests.text(Requests.body(exchange, Requests.LARGEST_QUERY), "requestId");
        boolean cancelled = requestId != null
                && session.log()
                        .byRequest(requestId)
                        .map(query -> session.cancel(query, false))
                        .orElse(false);
        return cancelled
                ? Reply.success(Json.MAPPER.nullNode())
                : Reply.failure("000605", "57014", "Identified SQL statement is not currently executing.", null);
    }
}
