package dev.spindrift.udf.torch;

import ai.djl.engine.Engine;
import ai.djl.util.Utils;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * DJL's PyTorch engine, started once per JVM from the jars alone: it never asks the network.
 *
 * <p>Its first start on a machine unpacks 430 MB of native libraries below the folder that {@code DJL_CACHE_DIR}
 * names, else below the {@link CacheFolder}; a file lock lets one JVM do that while others wait. An operation runs on
 * its caller's thread alone, since each worker of a batcher is a thread already and a vector's bits must not depend on
 * the number of threads. Properties that the user gave stay as they are.
 */
final class TorchEngine {
    static final String NAME = "PyTorch";

    private static final String UNPACK_FOLDER = "DJL_CACHE_DIR";

    private TorchEngine() {}

    /** The running engine, started if need be. */
    static synchronized Engine start() {
        setUnlessGiven("ai.djl.offline", "true");
        setUnlessGiven("OPT_OUT_TRACKING", "true");
        setUnlessGiven("ai.djl.pytorch.num_threads", "1");
        setUnlessGiven("ai.djl.pytorch.num_interop_threads", "1");
        // The optimizer replaces kernels after a few calls, and with them the last bits of a vector.
        setUnlessGiven("ai.djl.pytorch.graph_optimizer", "false");
        if (System.getenv(UNPACK_FOLDER) == null) {
            setUnlessGiven(UNPACK_FOLDER, CacheFolder.resolve().resolve("djl").toString());
        }
        // DJL looks for its parts through the thread's class loader, which in a Flink task is the job's.
        Thread thread = Thread.currentThread();
        ClassLoader loader = thread.getContextClassLoader();
        thread.setContextClassLoader(TorchEngine.class.getClassLoader());
        try {
            return startLocked();
        } finally {
            thread.setContextClassLoader(loader);
        }
    }

    private static Engine startLocked() {
        Path lockFile = Utils.getEngineCacheDir().resolve("spindrift.lock");
        try {
            Files.createDirectories(lockFile.getParent());
            try (FileChannel channel =
                    FileChannel.open(lockFile, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
                channel.lock(); // until the channel closes
                return Engine.getEngine(NAME);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "Cannot unpack PyTorch's libraries to " + lockFile.getParent() + ": " + e + ". Set "
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
