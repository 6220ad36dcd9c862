package dev.spindrift.udf.embed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.spindrift.udf.model.EmbeddingModel;
import dev.spindrift.udf.model.ModelSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;

class SharedEmbedderTest {
    private static final BatchSettings SETTINGS = new BatchSettings(100, Duration.ZERO, 200, 1);

    private final List<ScriptedModel> opened = Collections.synchronizedList(new ArrayList<>());
    private final EmbedderRegistry registry = new EmbedderRegistry(this::open);

    private EmbeddingModel open(ModelSettings settings) {
        if (!settings.model().equals("scripted")) {
            throw new IllegalArgumentException("Cannot find model \"" + settings.model() + "\".");
        }
        opened.add(new ScriptedModel());
        return opened.get(opened.size() - 1);
    }

    @Test
    void loadsWithTheFirstLeaseAndUnloadsWithTheLast() throws Exception {
        SharedEmbedder first = new SharedEmbedder(registry, ModelSettings.of("scripted"), SETTINGS);
        SharedEmbedder second = new SharedEmbedder(registry, ModelSettings.of("scripted"), SETTINGS);
        assertThat(opened).hasSize(1);
        first.close();
        first.close();
        assertThat(second.embed(Inputs.of("still here", 1)).get()).containsExactly(10, 1);
        assertThat(opened.get(0).closed).hasValue(0);
        second.close();
        assertThat(opened.get(0).closed).hasValue(1);

        new SharedEmbedder(registry, ModelSettings.of("scripted"), SETTINGS).close();
        assertThat(opened).hasSize(2);
    }

    @Test
    void refusesTextsOnceItsLeaseIsClosed() {
        try (SharedEmbedder other = new SharedEmbedder(registry, ModelSettings.of("scripted"), SETTINGS)) {
            SharedEmbedder lease = new SharedEmbedder(registry, ModelSettings.of("scripted"), SETTINGS);
            lease.close();
            assertThatThrownBy(() -> lease.embed(Inputs.of("late", 1))).isInstanceOf(IllegalStateException.class);
            assertThat(other.metrics().texts()).isZero();
        }
    }

    @Test
    void holdsNothingAfterALoadThatFailed() {
        assertThatThrownBy(() -> new SharedEmbedder(registry, ModelSettings.of("other"), SETTINGS))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(opened).isEmpty();
    }

    @Test
    void loadsAnewAfterTheEngineWasLost() throws Exception {
        SharedEmbedder old = new SharedEmbedder(registry, ModelSettings.of("scripted"), SETTINGS);
        opened.get(0).dead = true;
        assertThatThrownBy(() -> old.embed(Inputs.of("a", 1)).get()).hasCauseInstanceOf(EngineLostException.class);

        try (SharedEmbedder fresh = new SharedEmbedder(registry, ModelSettings.of("scripted"), SETTINGS)) {
            old.close();
            assertThat(opened.get(0).closed).hasValue(1);
            assertThat(fresh.embed(Inputs.of("bb", 1)).get()).containsExactly(2, 1);
        }
        assertThat(opened).hasSize(2).allMatch(model -> model.closed.get() == 1);
    }

    @Test
    void endsAllThreadsWhenTheProcessEnds() {
        SharedEmbedder lease = new SharedEmbedder(registry, ModelSettings.of("scripted"), SETTINGS);
        registry.endAll();
        assertThatThrownBy(() -> lease.embed(Inputs.of("late", 1))).isInstanceOf(CancellationException.class);
        assertThat(opened.get(0).closed)
                .as("the model, which the process takes with it")
                .hasValue(0);
        lease.close();
    }

    @Test
    void givesManyThreadsOneModelAtATime() throws Exception {
        List<FutureTask<Integer>> threads = new ArrayList<>();
        for (int thread = 0; thread < 8; thread++) {
            threads.add(new FutureTask<>(this::leaseManyTimes));
            new Thread(threads.get(thread)).start();
        }
        for (FutureTask<Integer> thread : threads) {
            assertThat(thread.get()).isEqualTo(50);
        }
        assertThat(opened).allMatch(model -> model.closed.get() == 1);
    }

    private int leaseManyTimes() throws Exception {
        int answered = 0;
        for (int i = 0; i < 50; i++) {
            try (SharedEmbedder lease = new SharedEmbedder(registry, ModelSettings.of("scripted"), SETTINGS)) {
                answered += (int) lease.embed(Inputs.of("x", 1)).get()[1];
            }
        }
        return answered;
    }
}
