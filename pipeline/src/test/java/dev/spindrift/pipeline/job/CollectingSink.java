package dev.spindrift.pipeline.job;

import dev.spindrift.pipeline.data.TableRow;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.flink.api.connector.sink2.Committer;
import org.apache.flink.api.connector.sink2.CommitterInitContext;
import org.apache.flink.api.connector.sink2.CommittingSinkWriter;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.connector.sink2.SupportsCommitter;
import org.apache.flink.api.connector.sink2.WriterInitContext;
import org.apache.flink.core.io.SimpleVersionedSerializer;
import org.apache.flink.streaming.api.connector.sink2.CommittableMessage;
import org.apache.flink.streaming.api.connector.sink2.SupportsPreCommitTopology;
import org.apache.flink.streaming.api.datastream.DataStream;

/**
 * A sink that remembers what each commit brought, in this JVM: rows wait with their writer, a committable is the number
 * under which they are kept, and a commit that is repeated brings nothing.
 */
final class CollectingSink
        implements Sink<TableRow>, SupportsCommitter<Integer>, SupportsPreCommitTopology<Integer, Integer> {
    private static final long serialVersionUID = 1L;
    private static final Map<String, Store> STORES = new ConcurrentHashMap<>();

    private static final class Store {
        private final Map<Integer, List<TableRow>> staged = new ConcurrentHashMap<>();
        private final List<List<TableRow>> commits = new CopyOnWriteArrayList<>();
    }

    private final String name;

    CollectingSink(String name) {
        this.name = name;
        STORES.put(name, new Store());
    }

    private static Store store(String name) {
        return STORES.computeIfAbsent(name, each -> new Store());
    }

    /** What was committed so far, commit by commit. */
    List<List<TableRow>> commits() {
        return List.copyOf(store(name).commits);
    }

    /** All rows committed so far. */
    List<TableRow> rows() {
        return commits().stream().flatMap(List::stream).toList();
    }

    @Override
    public CommittingSinkWriter<TableRow, Integer> createWriter(WriterInitContext context) {
        return new Writer(store(name));
    }

    @Override
    public Committer<Integer> createCommitter(CommitterInitContext context) {
        return new OneByOne(store(name));
    }

    @Override
    public DataStream<CommittableMessage<Integer>> addPreCommitTopology(
            DataStream<CommittableMessage<Integer>> committables) {
        return committables.global();
    }

    @Override
    public SimpleVersionedSerializer<Integer> getCommittableSerializer() {
        return new NumberSerializer();
    }

    @Override
    public SimpleVersionedSerializer<Integer> getWriteResultSerializer() {
        return new NumberSerializer();
    }

    private static final class Writer implements CommittingSinkWriter<TableRow, Integer> {
        private final Store store;
        private List<TableRow> rows = new ArrayList<>();

        Writer(Store store) {
            this.store = store;
        }

        @Override
        public void write(TableRow row, Context context) {
            rows.add(row);
        }

        @Override
        public void flush(boolean endOfInput) {}

        @Override
        public Collection<Integer> prepareCommit() {
            if (rows.isEmpty()) {
                return List.of();
            }
            int number = System.identityHashCode(rows);
            while (store.staged.putIfAbsent(number, rows) != null) {
                number++;
            }
            rows = new ArrayList<>();
            return List.of(number);
        }

        @Override
        public void close() {}
    }

    private static final class OneByOne implements Committer<Integer> {
        private final Store store;

        OneByOne(Store store) {
            this.store = store;
        }

        @Override
        public void commit(Collection<CommitRequest<Integer>> requests) {
            List<TableRow> rows = new ArrayList<>();
            for (CommitRequest<Integer> request : requests) {
                List<TableRow> staged = store.staged.put(request.getCommittable(), List.of());
                rows.addAll(staged == null ? List.of() : staged);
            }
            if (!rows.isEmpty()) {
                store.commits.add(rows);
            }
        }

        @Override
        public void close() {}
    }

    private static final class NumberSerializer implements SimpleVersionedSerializer<Integer> {
        @Override
        public int getVersion() {
            return 1;
        }

        @Override
        public byte[] serialize(Integer number) {
            return number.toString().getBytes(StandardCharsets.US_ASCII);
        }

        @Override
        public Integer deserialize(int version, byte[] bytes) throws IOException {
            return Integer.valueOf(new String(bytes, StandardCharsets.US_ASCII));
        }
    }
}
