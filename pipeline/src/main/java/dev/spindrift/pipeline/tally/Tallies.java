package dev.spindrift.pipeline.tally;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.state.OperatorStateStore;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.metrics.SimpleCounter;

/**
 * The counters of one operator, part of its state: after a restart they say what they said at the checkpoint, and the
 * records that are read again count again. So {@code in = committed + rejected + superseded + in flight} holds over
 * failures. After a rescale only the sum over all subtasks means something, since what a subtask restores is some
 * share of the whole.
 */
public final class Tallies {
    private final MetricGroup metrics;
    private final OperatorStateStore store;
    private final Map<Counter, ListState<Long>> states = new HashMap<>();

    public Tallies(MetricGroup metrics, OperatorStateStore store) {
        this.metrics = metrics;
        this.store = store;
    }

    /** The counter that the metric system shows as {@code name}, at its restored value. */
    public Counter counter(String name) throws Exception {
        ListState<Long> state = store.getListState(new ListStateDescriptor<>("tally-" + name, Long.class));
        Counter counter = metrics.counter(name, new SimpleCounter());
        for (long restored : state.get()) {
            counter.inc(restored);
        }
        states.put(counter, state);
        return counter;
    }

    /** Writes all counters into the operator's state; to be called at each of its snapshots. */
    public void snapshot() throws Exception {
        for (Map.Entry<Counter, ListState<Long>> entry : states.entrySet()) {
            entry.getValue().update(List.of(entry.getKey().getCount()));
        }
    }
}
