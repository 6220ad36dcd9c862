package dev.spindrift.local.stack;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The folder in which the local stack keeps its data, logs, ports and addresses. */
record StateFolder(Path path) {
    static final ObjectMapper JSON = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .enable(SerializationFeature.INDENT_OUTPUT)
            .build();

    private static final FileAttribute<Set<PosixFilePermission>> OWNER_ONLY =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

    /** Everything the stack may have put there, and so what {@link #delete()} removes. */
    private static final List<String> CONTENT = List.of(
            "stack.json",
            "ports.json",
            "lock",
            "warehouse-password",
            "kafka",
            "warehouse",
            "flink",
            "zookeeper",
            "logs",
            "tmp",
            "jars",
            "tether");

    Path kafka() {
        return path.resolve("kafka");
    }

    Path warehouse() {
        return path.resolve("warehouse");
    }

    Path flink() {
        return path.resolve("flink");
    }

    Path zookeeper() {
        return path.resolve("zookeeper");
    }

    Path logs() {
        return path.resolve("logs");
    }

    Path lock() {
        return path.resolve("lock");
    }

    /** The class path entry that holds {@link Tether} and nothing else. */
    Path tether() {
        return path.resolve("tether");
    }

    Path passwordFile() {
        return path.resolve("warehouse-password");
    }

    private Path stateFile() {
        return path.resolve("stack.json");
    }

    private Path portsFile() {
        return path.resolve("ports.json");
    }

    /** Lays out what every start needs; what is there from before stays. */
    void prepare() throws IOException {
        Files.createDirectories(logs());
        Path folder = tether().resolve(Tether.class.getPackageName().replace('.', '/'));
        Files.createDirectories(folder);
        try (InputStream bytes = Tether.class.getResourceAsStream("Tether.class")) {
            if (bytes == null) {
                throw new IllegalStateException("Cannot find Tether.class beside the local stack's other classes.");
            }
            Files.copy(bytes, folder.resolve("Tether.class"), StandardCopyOption.REPLACE_EXISTING);
        }
        if (Files.notExists(passwordFile())) {
            Files.createFile(passwordFile(), OWNER_ONLY);
            Files.writeString(passwordFile(), "spindrift");
        }
    }

    /**
     * A copy of a built jar for the stack to run from, so that a build beside a running stack does not pull its classes
     * away. A folder of classes is used as it is.
     */
    Path copyOf(Path jar) throws IOException {
        if (Files.isDirectory(jar)) {
            return jar;
        }
        Path copy = Files.createDirectories(path.resolve("jars")).resolve(jar.getFileName());
        if (!copy.equals(jar)) {
            Files.copy(jar, copy, StandardCopyOption.REPLACE_EXISTING);
        }
        return copy;
    }

    /** The folder for a process's temporary files. */
    Path temporary(String process) {
        return path.resolve("tmp").resolve(process);
    }

    /** The same, emptied of what a killed process left there. */
    Path freshTemporary(String process) throws IOException {
        deleteTree(temporary(process));
        return Files.createDirectories(temporary(process));
    }

    Optional<StackState> read() throws IOException {
        if (Files.notExists(stateFile())) {
            return Optional.empty();
        }
        return Optional.of(JSON.readValue(Files.readString(stateFile()), StackState.class));
    }

    void write(StackState state) throws IOException {
        replace(stateFile(), state);
    }

    void forgetState() throws IOException {
        Files.deleteIfExists(stateFile());
    }

    /** The ports used last, by name, so that a job submitted before a restart finds the stack again. */
    SortedMap<String, Integer> readPorts() throws IOException {
        SortedMap<String, Integer> ports = new TreeMap<>();
        if (Files.exists(portsFile())) {
            JSON.readTree(Files.readString(portsFile()))
                    .properties()
                    .forEach(entry -> ports.put(entry.getKey(), entry.getValue().asInt()));
        }
        return ports;
    }

    void writePorts(SortedMap<String, Integer> ports) throws IOException {
        replace(portsFile(), ports);
    }

    /** Removes what the stack put into the folder, and the folder unless something else lies there. */
    void delete() throws IOException {
        for (String name : CONTENT) {
            deleteTree(path.resolve(name));
        }
        if (Files.isDirectory(path)) {
            try (Stream<Path> rest = Files.list(path)) {
                if (rest.findAny().isPresent()) {
                    return;
                }
            }
            Files.delete(path);
        }
    }

    /** Readers see the old file or the new one, never half of it. */
    private static void replace(Path file, Object value) throws IOException {
        Path fresh = file.resolveSibling(file.getFileName() + ".new");
        Files.writeString(fresh, JSON.writeValueAsString(value) + "\n", StandardCharsets.UTF_8);
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private static void deleteTree(Path root) throws IOException {
        if (Files.notExists(root)) {
            return;
        }
        List<Path> deepestFirst;
        try (Stream<Path> all = Files.walk(root)) {
            deepestFirst = all.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path file : deepestFirst) {
            Files.deleteIfExists(file);
        }
    }
}
