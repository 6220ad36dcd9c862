package dev.spindrift.udf.embed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spindrift.udf.embed.BatchQueue.Source;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BatchQueueTest {
    private static final long LINGER = 5_000;

    private final BatchQueue<String> queue = new BatchQueue<>(100, LINGER);
    private final Source<String> source = queue.open();

    @Test
    void waitsForTheLingerOfTheOldestToTheNanosecond() {
        queue.add(source, "a", 10, 1_000);
        queue.add(queue.open(), "b", 10, 500);
        queue.add(source, "c", 10, 4_000);

        assertThat(queue.untilDue(50, 4_000)).isEqualTo(1_500);
        assertThat(queue.untilDue(50, 5_499)).isEqualTo(1);
        assertThat(queue.untilDue(50, 5_500)).isZero();
        assertThat(queue.untilDue(50, 90_000)).isZero();
        assertThat(queue.take(50)).containsExactlyInAnyOrder("a", "b", "c");
    }

    @Test
    void goesAtOnceWhenTheBudgetIsReached() {
        queue.add(source, "a", 30, 0);
        queue.add(source, "b", 19, 0);
        assertThat(queue.untilDue(50, 0)).isEqualTo(LINGER);
        queue.add(source, "c", 1, 0);
        assertThat(queue.untilDue(50, 0)).isZero();
        assertThat(queue.take(50)).containsExactly("a", "b", "c");
    }

    @Test
    void leavesWhatDoesNotFitForTheNextBatchInOrder() {
        queue.add(source, "a", 30, 0);
        queue.add(source, "b", 30, 10);
        queue.add(source, "c", 5, 20);

        assertThat(queue.take(50)).containsExactly("a");
        assertThat(queue.untilDue(50, 20)).isEqualTo(LINGER - 10);
        assertThat(queue.take(50)).containsExactly("b", "c");
        assertThat(queue.cost()).isZero();
    }

    @Test
    void sendsATextBeyondTheBudgetAlone() {
        queue.add(source, "small", 1, 0);
        queue.add(source, "huge", 9_000, 0);
        queue.add(source, "tail", 1, 0);

        assertThat(queue.take(50)).containsExactly("small");
        assertThat(queue.take(50)).containsExactly("huge");
        assertThat(queue.take(50)).containsExactly("tail");
    }

    @Test
    void countsTheClockAcrossItsOverflow() {
        queue.add(source, "a", 1, Long.MAX_VALUE - 1_000);
        assertThat(queue.untilDue(50, Long.MAX_VALUE + 1_000)).isEqualTo(LINGER - 2_000);
        assertThat(queue.untilDue(50, Long.MAX_VALUE + 4_000)).isZero();
    }

    @Test
    void hasRoomUpToItsCapacityAndForAnythingFromASourceThatHasNone() {
        assertThat(queue.hasRoom(source, 1_000)).isTrue();
        queue.add(source, "a", 60, 0);
        assertThat(queue.hasRoom(source, 40)).isTrue();
        assertThat(queue.hasRoom(source, 41)).isFalse();
        queue.take(1);
        assertThat(queue.hasRoom(source, 1_000)).isTrue();
    }

    @Test
    void keepsRoomForTheShareOfEachSourceHoweverFullTheOthersAre() {
        Source<String> other = queue.open();
        queue.add(source, "a", 60, 0);
        queue.add(source, "b", 40, 0);
        assertThat(queue.hasRoom(source, 1)).isFalse();

        queue.add(other, "c", 20, 0);
        assertThat(queue.hasRoom(other, 30)).isTrue();
        assertThat(queue.hasRoom(other, 31)).isFalse();
    }

    @Test
    void isNeverDueWhileEmpty() {
        assertThat(queue.untilDue(50, 123)).isEqualTo(Long.MAX_VALUE);
        assertThat(queue.take(50)).isEmpty();
    }

    @Test
    void givesBackAllThatWaitsOfASourceThatCloses() {
        Source<String> other = queue.open();
        queue.add(source, "a", 60, 0);
        queue.add(other, "b", 10, 0);
        queue.add(source, "c", 60, 0);
        assertThat(queue.close(source)).containsExactly("a", "c");
        assertThat(queue.close(source)).isEmpty();
        assertThat(queue.size()).isEqualTo(1);
        assertThat(queue.cost()).isEqualTo(10);
        assertThat(queue.take(50)).containsExactly("b");
    }

    @Test
    void putsTheTextOfAQuietSourceIntoTheNextBatchHoweverMuchABusyOneHas() {
        BatchQueue<String> roomy = new BatchQueue<>(1 << 20, LINGER);
        Source<String> backfill = roomy.open();
        Source<String> stream = roomy.open();
        for (int i = 0; i < 1_000; i++) {
            roomy.add(backfill, "backfill " + i, 128, i);
        }
        for (int batch = 0; batch < 50; batch++) {
            roomy.add(stream, "stream " + batch, 200, 1_000 + batch);
            assertThat(roomy.take(2048)).contains("stream " + batch).hasSizeGreaterThan(14);
        }
    }

    @Test
    void sharesTheDeviceEquallyByTokensAmongSourcesThatAlwaysHaveTexts() {
        BatchQueue<Item> roomy = new BatchQueue<>(1 << 30, LINGER);
        int[] costs = {5, 40, 500, 2_000};
        List<Source<Item>> sources = new ArrayList<>();
        for (int i = 0; i < costs.length; i++) {
            sources.add(roomy.open());
        }
        Random random = new Random(7);
        for (int i = 0; i < costs.length; i++) {
            for (int cost = 0; cost < 400_000; ) {
                Item item = new Item(i, 1 + random.nextInt(costs[i]));
                roomy.add(sources.get(i), item, item.cost, 0);
                cost += item.cost;
            }
        }
        Map<Integer, Long> done = new HashMap<>();
        for (int batch = 0; batch < 500; batch++) {
            List<Item> items = roomy.take(2048);
            assertThat(items.stream().mapToInt(Item::cost).sum()).isLessThanOrEqualTo(2048);
            items.forEach(item -> done.merge(item.source, (long) item.cost, Long::sum));
            long most = done.values().stream().max(Long::compare).orElseThrow();
            for (int i = 0; i < costs.length; i++) {
                assertThat(most - done.getOrDefault(i, 0L)).isLessThan(2_000 + 2 * BatchQueue.GRANT);
            }
        }
    }

    @Test
    void keepsTheOrderWithinASource() {
        Source<String> other = queue.open();
        for (int i = 0; i < 20; i++) {
            queue.add(source, "s" + i, 100, 0);
            queue.add(other, "o" + i, 70, 0);
        }
        List<String> taken = new ArrayList<>();
        while (queue.size() > 0) {
            taken.addAll(queue.take(500));
        }
        assertThat(taken)
                .filteredOn(item -> item.startsWith("s"))
                .hasSize(20)
                .isSortedAccordingTo(BatchQueueTest::byNumber);
        assertThat(taken)
                .filteredOn(item -> item.startsWith("o"))
                .hasSize(20)
                .isSortedAccordingTo(BatchQueueTest::byNumber);
    }

    private static int byNumber(String one, String other) {
        return Integer.compare(Integer.parseInt(one.substring(1)), Integer.parseInt(other.substring(1)));
    }

    private record Item(int source, int cost) {}
}
