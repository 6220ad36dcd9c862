package dev.spindrift.local.warehouse.stage;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Files on internal stages. A stage is named by its full, folded name ({@code SPINDRIFT.PUBLIC.SPINDRIFT_STAGE}); a
 * path within it uses {@code /} and never leaves it. A file appears whole or not at all.
 */
public interface StageStore {

    /**
     * A file on a stage.
     *
     * @param path within the stage, without a leading slash
     * @param md5 hex digest of the content
     */
    record StagedFile(String path, long size, String md5, Instant modified) {}

    /** The files whose path begins with {@code prefix}, by path. */
    List<StagedFile> list(String stage, String prefix) throws IOException;

    /** Where one file lies on disk, for reading; empty if it is not there. */
    Optional<Path> find(String stage, String path) throws IOException;

    /** Deletes one file; false if it was not there. */
    boolean remove(String stage, String path) throws IOException;

    /** Deletes all files of a stage that is dropped. */
    void drop(String stage) throws IOException;
}
