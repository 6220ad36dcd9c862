package dev.spindrift.udf.embed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spindrift.udf.model.ModelSettings;
import dev.spindrift.udf.token.ModelInput;
import dev.spindrift.udf.torch.Devices;
import java.io.InputStream;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;

/** A job that leased the shared embedder leaves nothing behind, also when it was the one that started it. */
class LeaseLeakTest {

    @Test
    void letsTheClassLoaderOfAJobGoWhileOthersStillEmbed() throws Exception {
        ClassLoader loader = new JobLoader();
        Callable<?> job = (Callable<?>)
                loader.loadClass(Job.class.getName()).getConstructor().newInstance();
        assertThat(job.getClass().getClassLoader()).isSameAs(loader);
        AutoCloseable staying = (AutoCloseable) job.call();
        try (staying) {
            WeakReference<ClassLoader> gone = new WeakReference<>(loader);
            job = null;
            loader = null;
            for (int i = 0; i < 50 && gone.get() != null; i++) {
                System.gc();
                Thread.sleep(20);
            }
            assertThat(gone.get()).isNull();
        }
    }

    /** Runs in the job's class loader: starts the shared embedder, uses it, and gives back the lease of another. */
    public static final class Job implements Callable<AutoCloseable> {
        @Override
        public AutoCloseable call() throws Exception {
            Thread.currentThread().setContextClassLoader(Job.class.getClassLoader());
            assertThat(Devices.resolve(Devices.AUTO)).isNotEmpty();
            try (SharedEmbedder first = lease()) {
                SharedEmbedder other = lease();
                var unused = first.embed(new ModelInput("one", 1, ModelInput.NO_IDS))
                        .whenComplete((vector, failure) -> first.taken());
                first.embed(new ModelInput("two", 1, ModelInput.NO_IDS))
                        .whenComplete((vector, failure) -> first.taken())
                        .get();
                return other;
            } finally {
                Thread.currentThread().setContextClassLoader(SharedEmbedder.class.getClassLoader());
            }
        }

        private static SharedEmbedder lease() {
            return SharedEmbedder.acquire(
                    ModelSettings.of("builtin"),
                    List.of("cpu"),
                    new BatchSettings(2048, Duration.ofMillis(5), 1 << 16, 2));
        }
    }

    /** Loads the job itself, and all else as the tests do. */
    private static final class JobLoader extends ClassLoader {
        JobLoader() {
            super(JobLoader.class.getClassLoader());
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (!name.equals(Job.class.getName())) {
                return super.loadClass(name, resolve);
            }
            try (InputStream file = getParent().getResourceAsStream(name.replace('.', '/') + ".class")) {
                byte[] bytes = file.readAllBytes();
                return defineClass(name, bytes, 0, bytes.length);
            } catch (java.io.IOException e) {
                throw new ClassNotFoundException(name, e);
            }
        }
    }
}
