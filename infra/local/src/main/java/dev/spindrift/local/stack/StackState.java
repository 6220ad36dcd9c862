package dev.spindrift.local.stack;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What runs where: the content of {@code stack.json}. A part that was not asked for is null.
 *
 * @param supervisor the process that watches over all others
 * @param kafka where the broker answers
 * @param warehouse where the warehouse answers
 * @param flink where the Flink cluster answers
 * @param processes the supervised processes
 */
record StackState(
        RunningProcess supervisor,
        @Nullable KafkaAddress kafka,
        @Nullable WarehouseAddress warehouse,
        @Nullable FlinkAddress flink,
        List<RunningProcess> processes) {

    /**
     * A process, told from a later one of the same pid by its start.
     *
     * @param name what it is, such as {@code taskmanager-1}
     * @param pid its process id
     * @param startedAt when it started, in milliseconds since the epoch
     * @param endings how often it ended since the stack was started
     */
    record RunningProcess(String name, long pid, long startedAt, int endings) {

        static RunningProcess of(String name, ProcessHandle process, int endings) {
            return new RunningProcess(name, process.pid(), startOf(process), endings);
        }

        boolean alive() {
            return ProcessHandle.of(pid)
                    .filter(ProcessHandle::isAlive)
                    .filter(process -> startOf(process) == startedAt)
                    .filter(process -> !awaitsBurial(pid))
                    .isPresent();
        }

        /** Whether the process has ended and only its parent has not taken note, as under a lazy init. */
        private static boolean awaitsBurial(long pid) {
            try {
                String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
                return stat.startsWith("Z", stat.lastIndexOf(')') + 2);
            } catch (IOException noSuchFile) {
                return false;
            }
        }

        private static long startOf(ProcessHandle process) {
            return process.info()
                    .startInstant()
                    .map(start -> start.toEpochMilli())
                    .orElse(0L);
        }
    }

    /** Where the broker answers. */
    record KafkaAddress(String bootstrapServers) {}

    /** Where the warehouse answers, and as whom to log in. */
    record WarehouseAddress(
            String jdbcUrl,
            String httpUrl,
            String account,
            String user,
            String passwordFile,
            String database,
            String schema) {

        static WarehouseAddress at(int port, String passwordFile) {
            return new WarehouseAddress(
                    "jdbc:snowflake://127.0.0.1:" + port + "/?account=local&ssl=off&db=SPINDRIFT&schema=PUBLIC",
                    "http://127.0.0.1:" + port,
                    "local",
                    "spindrift",
                    passwordFile,
                    "SPINDRIFT",
                    "PUBLIC");
        }
    }

    /** Where the Flink cluster answers, how large it is, and the configuration for its clients. */
    record FlinkAddress(String restUrl, int taskManagers, int slots, String clientConf) {}

    /** The parts that were asked for. */
    Set<Part> parts() {
        EnumSet<Part> parts = EnumSet.noneOf(Part.class);
        if (kafka != null) {
            parts.add(Part.KAFKA);
        }
        if (warehouse != null) {
            parts.add(Part.WAREHOUSE);
        }
        if (flink != null) {
            parts.add(Part.FLINK);
        }
        return parts;
    }
}
