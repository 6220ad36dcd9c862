package dev.spindrift.local.stack;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.SortedMap;
import java.util.concurrent.ThreadLocalRandom;

/**
 * The ports of one stack, kept from one start to the next while they stay free.
 *
 * <p>New ones come from below the range out of which the system serves outgoing connections, so that no
 * connection can sit on a port while its owner is being restarted.
 */
final class Ports {
    private static final int LOWEST = 20_000;
    private static final int HIGHEST = 32_000;

    private final SortedMap<String, Integer> chosen;

    private Ports(SortedMap<String, Integer> chosen) {
        this.chosen = chosen;
    }

    static Ports of(StateFolder folder) throws IOException {
        return new Ports(folder.readPorts());
    }

    void saveTo(StateFolder folder) throws IOException {
        folder.writePorts(chosen);
    }

    /** The given port if it is free, else the one used before, else any free one. */
    int choose(String name, int given) {
        if (given > 0) {
            if (!free(given)) {
                throw new IllegalStateException("Cannot use port " + given + " for " + name
                        + ": something else listens there. Give another with --" + name
                        + "-port, or leave the option out for a free one.");
            }
            chosen.put(name, given);
            return given;
        }
        Integer before = chosen.get(name);
        if (before != null && free(before)) {
            return before;
        }
        int port;
        do {
            port = ThreadLocalRandom.current().nextInt(LOWEST, HIGHEST);
        } while (chosen.containsValue(port) || !free(port));
        chosen.put(name, port);
        return port;
    }

    static boolean free(int port) {
        try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return socket.isBound();
        } catch (IOException taken) {
            return false;
        }
    }
}
