package dev.spindrift.udf.torch;

import ai.djl.engine.Engine;
import ai.djl.util.Utils;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.function.Supplier;

/**
 * DJL's PyTorch engine, started once per JVM from the jars alone: it never asks the network.
 *
 * <p>Its first start on a machine unpacks 430 MB of native libraries below the folder that {@code DJL_CACHE_DIR}
 * names, else below the {@link CacheFolder}; a file lock lets one JVM do that while others wait. An operation runs on
 * its caller's thread alone, since each worker of a batcher is a thread already and a vector's bits must not depend on
 * the number of threads. Properties that the user gave stay as they are.
 */
public final class TorchEngine {
    static final String NAME = "PyTorch";

    private static final String UNPACK_FOLDER = "DJL_CACHE_DIR";

    private TorchEngine() {}

    /** The running engine, started if need be. */
    static synchronized Engine start() {
        return unpacking(() -> {
            Allocator.keepFreedMemory();
            return Engine.getEngine(NAME);
        });
    }

    /** The engine's name and version, such as {@code PyTorch 2.7.1}. */
    public static String version() {
        Engine engine = start();
        return engine.getEngineName() + " " + engine.getVersion();
    }

    /**
     * Lets {@code load} load one of DJL's native libraries, which it may have to unpack first: without the network, from
     * the class loader that has them, and while no other JVM does the same.
     */
    public static synchronized <T> T unpacking(Supplier<T> load) {
        configure();
        // DJL looks for its parts through the thread's class loader, which in a Flink task is the job's.
        Thread thread = Thread.currentThread();
        ClassLoader loader = thread.getContextClassLoader();
        thread.setContextClassLoader(TorchEngine.class.getClassLoader());
        try {
            return locked(load);
        } finally {
            thread.setContextClassLoader(loader);
        }
    }

    private static void configure() {
        setUnlessGiven("ai.djl.offline", "true");
        setUnlessGiven("OPT_OUT_TRACKING", "true");
        setUnlessGiven("ai.djl.pytorch.num_threads", "1");
        setUnlessGiven("ai.djl.pytorch.num_interop_threads", "1");
        // The optimizer replaces kernels after a few calls, and with them the last bits of a vector.
        setUnlessGiven("ai.djl.pytorch.graph_optimizer", "false");
        // Tokenizers have nothing to gain from CUDA, and DJL would look for such a build of theirs.
        setUnlessGiven("RUST_FLAVOR", "cpu");
        if (System.getenv(UNPACK_FOLDER) == null) {
            setUnlessGiven(UNPACK_FOLDER, CacheFolder.resolve().resolve("djl").toString());
        }
    }

    private static <T> T locked(Supplier<T> load) {
        Path lockFile = Utils.getEngineCacheDir().resolve("spindrift.lock");
        try {
            Files.createDirectories(lockFile.getParent());
            try (FileChannel channel =
                    FileChannel.open(lockFile, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
                channel.lock(); // until the channel closes
                return load.get();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "Cannot unpack native libraries to " + lockFile.getParent() + ": " + e + ". Set "
                            + CacheFolder.VARIABLE + " to a folder with 1 GB of free space.",
                    e);
        }
    }

    private static void setUnlessGiven(String property, String value) {
        if (System.getProperty(property) == null) {
            System.setProperty(property, value);
        }
    }
}
