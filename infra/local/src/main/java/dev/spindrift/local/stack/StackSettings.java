package dev.spindrift.local.stack;

import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Set;

/**
 * What to start and where.
 *
 * @param root the clone, whose built jars are run
 * @param stateDir the folder that keeps data, logs and addresses
 * @param parts the parts to start
 * @param kafkaPort the broker's port, 0 for the one used before or any free one
 * @param warehousePort the warehouse's port, 0 likewise
 * @param flinkPort the port of Flink's REST interface and web page, 0 likewise
 * @param taskManagers how many TaskManager processes
 * @param slots how many slots each has
 */
public record StackSettings(
        Path root,
        Path stateDir,
        Set<Part> parts,
        int kafkaPort,
        int warehousePort,
        int flinkPort,
        int taskManagers,
        int slots) {

    private static final int HIGHEST_PORT = 65_535;

    /** Checks the values and makes the paths absolute. */
    public StackSettings {
        root = root.toAbsolutePath().normalize();
        stateDir = stateDir.toAbsolutePath().normalize();
        if (parts.isEmpty()) {
            throw new IllegalArgumentException("Cannot start the local stack: no part is named. Name at least one.");
        }
        parts = Set.copyOf(parts);
        checkPort("--kafka-port", kafkaPort);
        checkPort("--warehouse-port", warehousePort);
        checkPort("--flink-port", flinkPort);
        checkCount("--task-managers", taskManagers);
        checkCount("--slots", slots);
    }

    /** All parts on free ports, two TaskManagers with two slots each. */
    public static StackSettings of(Path root, Path stateDir) {
        return new StackSettings(root, stateDir, EnumSet.allOf(Part.class), 0, 0, 0, 2, 2);
    }

    /** The same with these parts alone. */
    public StackSettings only(Part first, Part... others) {
        return new StackSettings(
                root, stateDir, EnumSet.of(first, others), kafkaPort, warehousePort, flinkPort, taskManagers, slots);
    }

    /** The same with a Flink cluster of another size. */
    public StackSettings withTaskManagers(int count, int slotsEach) {
        return new StackSettings(root, stateDir, parts, kafkaPort, warehousePort, flinkPort, count, slotsEach);
    }

    /** The same with given ports, 0 standing for any. */
    StackSettings withPorts(int kafka, int warehouse, int flink) {
        return new StackSettings(root, stateDir, parts, kafka, warehouse, flink, taskManagers, slots);
    }

    private static void checkPort(String option, int port) {
        if (port < 0 || port > HIGHEST_PORT) {
            throw new IllegalArgumentException(
                    "Cannot use " + option + " " + port + ": a port lies between 1 and 65535. Give such a one.");
        }
    }

    private static void checkCount(String option, int count) {
        if (count < 1) {
            throw new IllegalArgumentException(
                    "Cannot use " + option + " " + count + ": there must be at least 1. Give a positive number.");
        }
    }
}
