package dev.spindrift.local.warehouse.server;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The statements of one session, by the request that brought them and by their own id.
 *
 * <p>A driver whose connection broke sends the same request id again and must be given the first execution's reply. So
 * a request is known long after it ended, while its result is kept only for a while: the newest results, up to a number
 * and a size. A request that is known and whose result is gone fails; it is never run twice.
 */
final class QueryLog {
    private static final int MOST_REQUESTS = 20_000;
    private static final int MOST_RESULTS = 256;
    private static final long MOST_BYTES = 16 << 20;
    private static final long LONGEST_MILLIS = 15 * 60_000;

    private final LinkedHashMap<String, Query> byRequest = new LinkedHashMap<>();
    private final Map<String, Query> byId = new HashMap<>();
    private final Deque<Query> withResult = new ArrayDeque<>();

    /** A request's statement, and whether this call was the first to bring it. */
    record Entry(Query query, boolean first) {}

    synchronized Entry enter(String requestId, Supplier<Query> statement) {
        Query known = byRequest.get(requestId);
        if (known != null) {
            return new Entry(known, false);
        }
        trim();
        Query query = statement.get();
        byRequest.put(requestId, query);
        add(query);
        return new Entry(query, true);
    }

    /** Keeps a statement that came as a part of another. */
    synchronized void add(Query query) {
        byId.put(query.id(), query);
        withResult.add(query);
    }

    synchronized Optional<Query> byRequest(String requestId) {
        return Optional.ofNullable(byRequest.get(requestId));
    }

    synchronized Optional<Query> byId(String id) {
        return Optional.ofNullable(byId.get(id));
    }

    synchronized void cancelAll() {
        withResult.forEach(Query::markCancelled);
    }

    private void trim() {
        long now = System.currentTimeMillis();
        long bytes = withResult.stream().mapToLong(Query::weight).sum();
        for (Query oldest = withResult.peek(); oldest != null && oldest.finished(); oldest = withResult.peek()) {
            if (withResult.size() < MOST_RESULTS && bytes < MOST_BYTES && now - oldest.ended() < LONGEST_MILLIS) {
                break;
            }
            bytes -= oldest.weight();
            withResult.remove();
            oldest.drop();
        }
        while (byRequest.size() >= MOST_REQUESTS) {
            String eldest = byRequest.keySet().iterator().next();
            byRequest.remove(eldest);
        }
        if (byId.size() > MOST_REQUESTS) {
            byId.values().retainAll(withResult);
        }
    }
}
