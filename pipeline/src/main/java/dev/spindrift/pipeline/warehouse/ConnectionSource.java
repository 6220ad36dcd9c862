package dev.spindrift.pipeline.warehouse;

import java.sql.Connection;
import java.sql.SQLException;

/** Where connections to the warehouse come from. */
@FunctionalInterface
public interface ConnectionSource {

    /** A new connection, which the caller closes. */
    Connection open() throws SQLException;
}
