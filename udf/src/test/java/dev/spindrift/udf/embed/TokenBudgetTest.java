package dev.spindrift.udf.embed;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TokenBudgetTest {
    private final TokenBudget budget = new TokenBudget(1600);

    @Test
    void halvesToHalfOfWhatFailed() {
        budget.failed(1600);
        assertThat(budget.tokens()).isEqualTo(800);
        budget.failed(700);
        assertThat(budget.tokens()).isEqualTo(350);
        budget.failed(1);
        assertThat(budget.tokens()).isEqualTo(1);
    }

    @Test
    void halvesOnceForTwoThatFailedSideBySide() {
        budget.failed(1600);
        budget.failed(1600);
        assertThat(budget.tokens()).isEqualTo(800);
    }

    @Test
    void growsByASixteenthAfterAStreakOfFullBatches() {
        budget.failed(1600);
        pass(63, 800);
        assertThat(budget.tokens()).isEqualTo(800);
        pass(1, 800);
        assertThat(budget.tokens()).isEqualTo(900);
        pass(64, 700);
        assertThat(budget.tokens()).isEqualTo(1000);
    }

    @Test
    void learnsNothingFromBatchesThatWereNotNearlyFull() {
        budget.failed(1600);
        pass(10_000, 599);
        assertThat(budget.tokens()).isEqualTo(800);
    }

    @Test
    void neverExceedsTheSetting() {
        budget.failed(1600);
        pass(100_000, 1600);
        assertThat(budget.tokens()).isEqualTo(1600);
    }

    @Test
    void asksForTwiceTheStreakAfterEachFailure() {
        budget.failed(1600);
        pass(64, 800);
        assertThat(budget.tokens()).isEqualTo(900);
        budget.failed(900);
        assertThat(budget.tokens()).isEqualTo(450);
        pass(127, 450);
        assertThat(budget.tokens()).isEqualTo(450);
        pass(1, 450);
        assertThat(budget.tokens()).isEqualTo(550);
    }

    @Test
    void startsTheStreakAnewWithAFailure() {
        budget.failed(1600);
        pass(63, 800);
        budget.failed(800);
        pass(127, 400);
        assertThat(budget.tokens()).isEqualTo(400);
    }

    private void pass(int times, long cost) {
        for (int i = 0; i < times; i++) {
            budget.passed(cost);
        }
    }
}
