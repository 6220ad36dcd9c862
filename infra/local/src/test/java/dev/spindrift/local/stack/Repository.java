package dev.spindrift.local.stack;

import java.nio.file.Path;

/** Where the tests find what Maven built. */
final class Repository {
    /** Maven runs the tests in this module's folder. */
    static final Path ROOT = Path.of("../..").toAbsolutePath().normalize();

    private Repository() {}
}
