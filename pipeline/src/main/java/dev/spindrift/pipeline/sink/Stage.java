package dev.spindrift.pipeline.sink;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Collectors;

/** This job's folder on the internal stage that files pass through on their way into the tables. */
final class Stage {
    /** How {@code LIST} writes times, such as {@code Fri, 20 Nov 2026 08:15:00 GMT}. */
    private static final DateTimeFormatter LISTED_TIME =
            DateTimeFormatter.ofPattern("EEE, d MMM yyyy HH:mm:ss zzz", Locale.ENGLISH);

    private static final int NAMES_PER_REMOVE = 100;
    private static final String SUFFIX = ".parquet";

    private final String stage;
    private final String job;

    Stage(SinkSettings settings) {
        this.stage = settings.stage();
        this.job = settings.job();
    }

    /**
     * A file that is there.
     *
     * @param name as the ledger knows it
     */
    record StoredFile(String name, Instant modified) {}

    /** What a local file is called once it is there. */
    String nameOf(Path file) {
        return job + "/" + Objects.requireNonNull(file.getFileName());
    }

    /**
     * Uploads a file as it is. May be repeated: the same name takes the same content.
     *
     * @param bytes its size, which what arrived is checked against
     */
    void put(Connection connection, Path file, long bytes) throws SQLException {
        String source = file.toUri().getPath().replace("\\", "\\\\").replace("'", "\\'");
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("PUT 'file://" + source + "' @" + stage + "/" + job
                        + "/ AUTO_COMPRESS = FALSE OVERWRITE = TRUE PARALLEL = 4")) {
            if (!rows.next()) {
                throw new IllegalStateException("Cannot upload " + file + ": PUT answered nothing. Is it still there?");
            }
            String status = rows.getString("status");
            long sent = rows.getLong("source_size");
            long stored = rows.getLong("target_size");
            // What is stored may be larger, by the padding of its encryption.
            if (!"UPLOADED".equals(status) || sent != bytes || stored < bytes) {
                throw new IllegalStateException("Cannot upload " + file + ": PUT says " + status + ", " + sent
                        + " bytes sent and " + stored + " stored of " + bytes
                        + ". The restarted job uploads its rows again.");
            }
        }
    }

    /** All files of this job's folder. */
    List<StoredFile> list(Connection connection) throws SQLException {
        List<StoredFile> files = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("LIST @" + stage + "/" + job + "/")) {
            while (rows.next()) {
                // With or without the stage before it; the folder and the file are the last two parts either way.
                String path = Objects.requireNonNull(rows.getString("name"));
                String time = Objects.requireNonNull(rows.getString("last_modified"));
                files.add(new StoredFile(
                        job + "/" + path.substring(path.lastIndexOf('/') + 1),
                        ZonedDateTime.parse(time, LISTED_TIME).toInstant()));
            }
        }
        return files;
    }

    /** Deletes files of this job's folder; those that are not there are no matter. */
    void remove(Connection connection, List<String> names) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            for (int from = 0; from < names.size(); from += NAMES_PER_REMOVE) {
                // Names are made of hex digits and '-', and so mean themselves in a pattern.
                String some = names.subList(from, Math.min(names.size(), from + NAMES_PER_REMOVE)).stream()
                        .map(name -> name.substring(name.lastIndexOf('/') + 1).replace(SUFFIX, ""))
                        .collect(Collectors.joining("|"));
                statement.execute("REMOVE @" + stage + "/" + job + "/ PATTERN = '.*(" + some + ")[.]"
                        + SUFFIX.substring(1) + "'");
            }
        }
    }
}
