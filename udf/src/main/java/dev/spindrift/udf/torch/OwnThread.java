package dev.spindrift.udf.torch;

import java.security.AccessController;
import java.security.PrivilegedAction;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;

/**
 * Threads that outlive the job whose call starts them, and so hold on to nothing of it: not its class loader, which an
 * ordinary thread would keep from its maker's stack and context, nor its thread locals.
 */
public final class OwnThread {
    private OwnThread() {}

    /** A daemon thread, not yet started. */
    @SuppressWarnings("removal") // Java 17 has nothing else that cuts off the maker's stack
    public static Thread of(String name, Runnable work) {
        return AccessController.doPrivileged((PrivilegedAction<Thread>) () -> {
            Thread thread = new Thread(null, work, name, 0, false);
            thread.setDaemon(true);
            thread.setContextClassLoader(OwnThread.class.getClassLoader());
            return thread;
        });
    }

    /** What {@code work} gives on such a thread, for libraries that start threads of theirs; waits for it. */
    public static <T> T call(String name, Supplier<T> work) {
        try {
            return CompletableFuture.supplyAsync(work, task -> of(name, task).start())
                    .join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            if (e.getCause() instanceof Error cause) {
                throw cause;
            }
            throw e;
        }
    }
}
