package dev.spindrift.udf.embed;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class BatchQueueTest {
    private static final long LINGER = 5_000;

    private final BatchQueue<String> queue = new BatchQueue<>(100, LINGER);

    @Test
    void waitsForTheLingerOfTheOldestToTheNanosecond() {
        queue.add("a", 10, 1_000);
        queue.add("b", 10, 4_000);

        assertThat(queue.untilDue(50, 4_000)).isEqualTo(2_000);
        assertThat(queue.untilDue(50, 5_999)).isEqualTo(1);
        assertThat(queue.untilDue(50, 6_000)).isZero();
        assertThat(queue.untilDue(50, 90_000)).isZero();
        assertThat(queue.take(50)).containsExactly("a", "b");
    }

    @Test
    void goesAtOnceWhenTheBudgetIsReached() {
        queue.add("a", 30, 0);
        queue.add("b", 19, 0);
        assertThat(queue.untilDue(50, 0)).isEqualTo(LINGER);
        queue.add("c", 1, 0);
        assertThat(queue.untilDue(50, 0)).isZero();
        assertThat(queue.take(50)).containsExactly("a", "b", "c");
    }

    @Test
    void leavesWhatDoesNotFitForTheNextBatchInOrder() {
        queue.add("a", 30, 0);
        queue.add("b", 30, 10);
        queue.add("c", 5, 20);

        assertThat(queue.take(50)).containsExactly("a");
        assertThat(queue.untilDue(50, 20)).isEqualTo(LINGER - 10);
        assertThat(queue.take(50)).containsExactly("b", "c");
        assertThat(queue.cost()).isZero();
    }

    @Test
    void sendsATextBeyondTheBudgetAlone() {
        queue.add("small", 1, 0);
        queue.add("huge", 90, 0);
        queue.add("tail", 1, 0);

        assertThat(queue.take(50)).containsExactly("small");
        assertThat(queue.take(50)).containsExactly("huge");
        assertThat(queue.take(50)).containsExactly("tail");
    }

    @Test
    void countsTheClockAcrossItsOverflow() {
        queue.add("a", 1, Long.MAX_VALUE - 1_000);
        assertThat(queue.untilDue(50, Long.MAX_VALUE + 1_000)).isEqualTo(LINGER - 2_000);
        assertThat(queue.untilDue(50, Long.MAX_VALUE + 4_000)).isZero();
    }

    @Test
    void hasRoomUpToItsCapacityAndForAnythingWhenEmpty() {
        assertThat(queue.hasRoom(1_000)).isTrue();
        queue.add("a", 60, 0);
        assertThat(queue.hasRoom(40)).isTrue();
        assertThat(queue.hasRoom(41)).isFalse();
        queue.take(1);
        assertThat(queue.hasRoom(1_000)).isTrue();
    }

    @Test
    void isNeverDueWhileEmpty() {
        assertThat(queue.untilDue(50, 123)).isEqualTo(Long.MAX_VALUE);
        assertThat(queue.take(50)).isEmpty();
    }

    @Test
    void givesBackAllThatWaits() {
        queue.add("a", 60, 0);
        queue.add("b", 60, 0);
        assertThat(queue.drain()).containsExactly("a", "b");
        assertThat(queue.size()).isZero();
        assertThat(queue.cost()).isZero();
    }
}
