package dev.spindrift.pipeline.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.spindrift.pipeline.sink.Rows.Edition;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StageTest {
    @TempDir
    Path folder;

    private final TestTables tables = TestTables.empty("staging");
    private final Stage stage = new Stage(tables.settings());
    private Connection connection;

    @BeforeEach
    void connect() throws Exception {
        connection = tables.warehouse().open();
    }

    @AfterEach
    void close() throws Exception {
        connection.close();
    }

    @Test
    void putsAFileAgainWithoutHarm() throws Exception {
        Path file = Files.writeString(folder.resolve("a file.parquet"), "PAR1 rows PAR1");

        stage.put(connection, file, Files.size(file));
        stage.put(connection, file, Files.size(file));

        assertThat(stage.list(connection)).extracting(Stage.StoredFile::name).containsExactly(stage.nameOf(file));
    }

    @Test
    void noticesAFileThatArrivedShort() throws Exception {
        Path file = Files.writeString(folder.resolve("a.parquet"), "PAR1 rows PAR1");

        assertThatThrownBy(() -> stage.put(connection, file, Files.size(file) + 1))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("UPLOADED");
    }

    @Test
    void sweepsCommittedFilesAndKeepsThoseThatMayBeNeeded() throws Exception {
        List<StagedFile> committed =
                tables.stage(1, Edition.of("a", 1, 1, "one").all());
        new CommitTransaction(tables.settings(), TestTables.MODEL).run(connection, 1, committed);
        List<StagedFile> needed = tables.stage(2, Edition.of("b", 1, 2, "two").all());

        int swept = new StageSweep(stage).run(connection, Instant.now());

        assertThat(swept).isEqualTo(committed.size());
        assertThat(stage.list(connection))
                .extracting(Stage.StoredFile::name)
                .containsExactlyInAnyOrderElementsOf(
                        needed.stream().map(StagedFile::name).toList());
    }

    @Test
    void sweepsLeftOverFilesAfterAWeek() throws Exception {
        tables.stage(1, Edition.of("a", 1, 1, "one").all());

        int swept = new StageSweep(stage)
                .run(connection, Instant.now().plus(StageSweep.KEPT).plus(Duration.ofHours(1)));

        assertThat(swept).isEqualTo(3);
        assertThat(stage.list(connection)).isEmpty();
    }

    @Test
    void leavesTheFilesOfOtherJobsAlone() throws Exception {
        TestTables other = tables.ofJob("staging_too");
        other.stage(1, Edition.of("a", 1, 1, "one").all());

        new StageSweep(stage).run(connection, Instant.now().plus(Duration.ofDays(30)));

        assertThat(new Stage(other.settings()).list(connection)).hasSize(3);
    }
}
