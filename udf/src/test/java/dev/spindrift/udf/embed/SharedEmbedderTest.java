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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class SharedEmbedderTest {
    private static final BatchSettings SETTINGS = new BatchSettings(100, Duration.ZERO, 200, 1);

    private final List<ScriptedModel> opened = Collections.synchronizedList(new ArrayList<>());
    private final EmbedderRegistry registry =
            new EmbedderRegistry(new ReplicaLoader(this::open, 2), Duration.ofMillis(300));

    private SharedEmbedder lease(String model, String... devices) {
        return new SharedEmbedder(
                registry, new EmbedderRegistry.Key(ModelSettings.of(model), List.of(devices)), SETTINGS);
    }

    private SharedEmbedder lease() {
        return lease("scripted", "cpu");
    }

    private EmbeddingModel open(ModelSettings settings, String device) {
        if (!settings.model().equals("scripted")) {
            throw new IllegalArgumentException("Cannot find model \"" + settings.model() + "\".");
        }
        if (device.equals("broken")) {
            throw new IllegalArgumentException("Cannot use it.");
        }
        opened.add(new ScriptedModel());
        return opened.get(opened.size() - 1);
    }

    @Test
    void loadsWithTheFirstLeaseAndUnloadsWithTheLast() throws Exception {
        SharedEmbedder first = lease();
        SharedEmbedder second = lease();
        assertThat(opened).hasSize(1);
        first.close();
        first.close();
        assertThat(second.embed(Inputs.of("still here", 1)).get()).containsExactly(10, 1);
        assertThat(opened.get(0).closed).hasValue(0);
        second.close();
        assertThat(opened.get(0).closed).hasValue(1);

        lease().close();
        assertThat(opened).hasSize(2);
    }

    @Test
    void refusesTextsOnceItsLeaseIsClosed() {
        try (SharedEmbedder other = lease()) {
            SharedEmbedder lease = lease();
            lease.close();
            assertThatThrownBy(() -> lease.embed(Inputs.of("late", 1))).isInstanceOf(IllegalStateException.class);
            assertThat(other.metrics().texts()).isZero();
        }
    }

    @Test
    void holdsNothingAfterALoadThatFailed() {
        assertThatThrownBy(() -> lease("other", "cpu")).isInstanceOf(IllegalArgumentException.class);
        assertThat(opened).isEmpty();
    }

    @Test
    void loadsAnewAfterTheEngineWasLost() throws Exception {
        SharedEmbedder old = lease();
        opened.get(0).dead = true;
        assertThatThrownBy(() -> old.embed(Inputs.of("a", 1)).get()).hasCauseInstanceOf(EngineLostException.class);

        try (SharedEmbedder fresh = lease()) {
            old.close();
            assertThat(opened.get(0).closed).hasValue(1);
            assertThat(fresh.embed(Inputs.of("bb", 1)).get()).containsExactly(2, 1);
        }
        assertThat(opened).hasSize(2).allMatch(model -> model.closed.get() == 1);
    }

    @Test
    void endsAllThreadsWhenTheProcessEnds() {
        SharedEmbedder lease = lease();
        registry.endAll();
        assertThatThrownBy(() -> lease.embed(Inputs.of("late", 1))).isInstanceOf(CancellationException.class);
        assertThat(opened.get(0).closed)
                .as("the model, which the process takes with it")
                .hasValue(0);
        lease.close();
    }

    @Test
    void spreadsTheTextsOfAllLeasesOverAllDevices() throws Exception {
        try (SharedEmbedder lease = lease("scripted", "cuda:0", "cuda:1");
                SharedEmbedder same = lease("scripted", "cuda:0", "cuda:1")) {
            assertThat(opened).hasSize(2);
            opened.forEach(model -> model.permits.drainPermits());
            CompletableFuture<float[]> first = lease.embed(Inputs.of("a", 100));
            CompletableFuture<float[]> second = same.embed(Inputs.of("b", 100));
            while (lease.metrics().queuedTexts() > 0) {
                Thread.onSpinWait();
            }
            opened.forEach(model -> model.permits.release());
            CompletableFuture.allOf(first, second).get();
            assertThat(opened).allMatch(model -> model.passes.size() == 1);
            lease("scripted", "cpu").close();
            assertThat(opened).hasSize(3);
        }
        assertThat(opened).allMatch(model -> model.closed.get() == 1);
    }

    @Test
    void unloadsAllIfOneDeviceCannotBeLoaded() {
        assertThatThrownBy(() -> lease("scripted", "cpu", "broken")).isInstanceOf(IllegalArgumentException.class);
        assertThat(opened).hasSize(1).allMatch(model -> model.closed.get() == 1);
    }

    @Test
    void asksForANewProcessWhileAForwardPassIsStuck() throws Exception {
        SharedEmbedder first = lease();
        SharedEmbedder second = lease();
        opened.get(0).permits.drainPermits();
        assertThatThrownBy(() -> first.embed(Inputs.of("a", 1)).get()).hasCauseInstanceOf(EngineLostException.class);
        assertThatThrownBy(this::lease).isInstanceOf(EngineLostException.class).hasMessageContaining("Restart");
        first.close();
        second.close();
        assertThat(opened.get(0).closed).as("freed under its thread").hasValue(0);
        assertThatThrownBy(this::lease).isInstanceOf(EngineLostException.class);

        opened.get(0).permits.release(10);
        while (true) {
            try {
                lease().close();
                break;
            } catch (EngineLostException e) {
                Thread.onSpinWait();
            }
        }
        assertThat(opened).hasSize(2).allMatch(model -> model.closed.get() == 1);
    }

    @Test
    void keepsOneLeasesTextsWhenAnotherIsClosed() throws Exception {
        SharedEmbedder leaving = lease();
        try (SharedEmbedder staying = lease()) {
            opened.get(0).permits.drainPermits();
            CompletableFuture<float[]> inTheModel = staying.embed(Inputs.of("first", 10));
            while (staying.metrics().queuedTexts() > 0) {
                Thread.onSpinWait(); // or the one worker might take the others with it
            }
            List<CompletableFuture<float[]>> dropped = new ArrayList<>();
            List<CompletableFuture<float[]>> kept = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                dropped.add(leaving.embed(Inputs.of("dropped", 10)));
                kept.add(staying.embed(Inputs.of("kept", 10)));
            }
            leaving.close();
            opened.get(0).permits.release(100);
            for (CompletableFuture<float[]> answer : kept) {
                assertThat(answer.get()).containsExactly(4, 1);
            }
            assertThat(inTheModel.get()).containsExactly(5, 1);
            assertThat(dropped).allMatch(CompletableFuture::isDone);
            assertThat(dropped.get(9)).isCancelled();
        }
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
            try (SharedEmbedder lease = lease()) {
                answered += (int) lease.embed(Inputs.of("x", 1)).get()[1];
            }
        }
        return answered;
    }
}
