package dev.spindrift.local.stack;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Arrays;

/**
 * Runs another class's main method for no longer than the process that started it lives.
 *
 * <p>The supervisor holds the other end of this process's standard input and never writes to it. When the
 * supervisor ends, be it by {@code kill -9}, the kernel closes the pipe, and this process halts at once. It
 * halts without shutdown hooks: everything run this way has to survive {@code kill -9} anyway, and a hook can
 * hang when its neighbours are already gone.
 *
 * <p>This is one class file without any dependency, because it is put on the class path of foreign programs
 * (Flink's) on its own.
 */
public final class Tether {
    private static final int SUPERVISOR_GONE = 86;

    private Tether() {}

    /** Runs the main method of the class named first with the arguments that follow. */
    public static void main(String[] arguments) throws ReflectiveOperationException {
        Thread watch = new Thread(Tether::haltAtEndOfInput, "tether");
        watch.setDaemon(true);
        watch.start();
        Method main = Class.forName(arguments[0]).getMethod("main", String[].class);
        try {
            main.invoke(null, (Object) Arrays.copyOfRange(arguments, 1, arguments.length));
        } catch (InvocationTargetException failure) {
            failure.printStackTrace();
            System.exit(1);
        }
    }

    private static void haltAtEndOfInput() {
        try {
            while (System.in.read() >= 0) {
                // Nothing is ever sent: only the end of the stream says anything.
            }
        } catch (IOException unreadable) {
            // As good as its end.
        }
        Runtime.getRuntime().halt(SUPERVISOR_GONE);
    }
}
