package dev.spindrift.udf.embed;

import java.security.AccessController;
import java.security.PrivilegedAction;

/** Threads of the batcher, which outlive the job whose call starts them, and so hold on to nothing of it. */
final class OwnThread {
    private OwnThread() {}

    /** A daemon thread, not yet started. */
    @SuppressWarnings("removal") // a new thread keeps the class loaders of all its makers, except beyond this call
    static Thread of(String name, Runnable work) {
        return AccessController.doPrivileged((PrivilegedAction<Thread>) () -> {
            Thread thread = new Thread(null, work, name, 0, false);
            thread.setDaemon(true);
            thread.setContextClassLoader(OwnThread.class.getClassLoader());
            return thread;
        });
    }
}
