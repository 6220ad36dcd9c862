package dev.spindrift.pipeline.cli;

import dev.spindrift.pipeline.warehouse.ErrorCodes;
import dev.spindrift.pipeline.warehouse.Warehouse;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Asks the warehouse again, on a new connection, while it is away: the demo goes on when it is killed and restarted. */
final class PatientWarehouse implements AutoCloseable {
    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final Warehouse warehouse;
    private final Duration patience;
    private @Nullable Connection connection;

    PatientWarehouse(Warehouse warehouse, Duration patience) {
        this.warehouse = warehouse;
        this.patience = patience;
    }

    /** A question that may be asked twice. */
    interface Question<T> {
        T ask(Connection connection) throws SQLException;
    }

    <T> T ask(Question<T> question) throws SQLException, InterruptedException {
        Instant giveUp = Instant.now().plus(patience);
        while (true) {
            try {
                if (connection == null) {
                    connection = warehouse.open();
                }
                return question.ask(connection);
            } catch (SQLException e) {
                close();
                if (!ErrorCodes.isTransient(e) || Instant.now().isAfter(giveUp)) {
                    throw e;
                }
                Thread.sleep(PAUSE.toMillis());
            }
        }
    }

    @Override
    public void close() {
        Connection broken = connection;
        connection = null;
        if (broken != null) {
            try {
                broken.close();
            } catch (SQLException alreadyGone) {
                // A connection that cannot be closed is one that the other side has closed.
            }
        }
    }
}
