package dev.spindrift.udf.embed;

import dev.spindrift.udf.token.ModelInput;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;

/** A batcher of a scripted model with a single caller. */
final class OneCaller implements AutoCloseable {
    final Batcher batcher;
    final Caller caller;

    OneCaller(ScriptedModel model, BatchSettings settings) {
        this(model, settings, System::nanoTime);
    }

    OneCaller(ScriptedModel model, BatchSettings settings, LongSupplier nanoClock) {
        this(model, settings, Duration.ofMinutes(1), nanoClock);
    }

    OneCaller(ScriptedModel model, BatchSettings settings, Duration passLimit, LongSupplier nanoClock) {
        batcher = new Batcher(List.of(model.replica(settings)), settings, passLimit, nanoClock);
        caller = batcher.enter();
    }

    CompletableFuture<float[]> embed(ModelInput input) {
        return batcher.embed(caller, input);
    }

    BatcherMetrics metrics() {
        return batcher.metrics();
    }

    @Override
    public void close() {
        batcher.close();
    }
}
