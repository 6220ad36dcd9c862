package dev.spindrift.pipeline.warehouse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Properties;
import java.util.logging.Level;
import java.util.logging.Logger;
import net.snowflake.client.api.driver.SnowflakeDriver;
import net.snowflake.client.api.statement.SnowflakeStatement;
import org.jspecify.annotations.Nullable;

/**
 * Opens connections to the warehouse with Snowflake's own driver.
 *
 * <p>The driver is called by name and not through {@code DriverManager}, which would find the driver of whichever job
 * of a cluster was first. Its waits are bounded, so that a warehouse that is gone is noticed within about a minute.
 */
public final class Warehouse implements ConnectionSource {

    /** Environment variable that holds the password when no file does. */
    public static final String PASSWORD_VARIABLE = "SPINDRIFT_WAREHOUSE_PASSWORD";

    private static final String APPLICATION = "SPINDRIFT";
    // Held here, since java.util.logging forgets the level of a logger that nobody holds.
    private static final Logger DRIVER_LOG = Logger.getLogger("net.snowflake");
    private static final Logger DRIVER_NETTY_LOG = Logger.getLogger("net.snowflake.client.jdbc.internal.io.netty");
    private static final int LOGIN_SECONDS = 30;
    private static final int NETWORK_MILLIS = 60_000;

    static {
        // It tells of each upload at INFO.
        DRIVER_LOG.setLevel(Level.WARNING);
        // It complains, with stack traces, about connections that close when an upload is done.
        DRIVER_NETTY_LOG.setLevel(Level.OFF);
    }

    private final WarehouseSettings settings;
    private final String queryTag;

    /**
     * @param queryTag what Snowflake's query history shows beside each statement, such as the job's name
     */
    public Warehouse(WarehouseSettings settings, String queryTag) {
        this.settings = settings;
        this.queryTag = queryTag;
    }

    @Override
    public Connection open() throws SQLException {
        Connection connection = new SnowflakeDriver().connect(settings.url(), properties());
        if (connection == null) {
            throw new IllegalStateException("Cannot connect to " + settings
                    + ": the Snowflake driver refuses the address. Check warehouse.url.");
        }
        return connection;
    }

    /** Runs all statements of a script, in order, and throws at the first that fails. */
    public static void runScript(Connection connection, String script) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.unwrap(SnowflakeStatement.class).setParameter("MULTI_STATEMENT_COUNT", 0);
            boolean rows = statement.execute(script);
            while (rows || statement.getUpdateCount() != -1) {
                rows = statement.getMoreResults();
            }
        }
    }

    private Properties properties() {
        Properties properties = new Properties();
        put(properties, "user", settings.user());
        put(properties, "role", settings.role());
        put(properties, "warehouse", settings.warehouse());
        put(properties, "db", settings.database());
        put(properties, "schema", settings.schema());
        put(properties, "application", APPLICATION);
        put(properties, "QUERY_TAG", queryTag);
        // Real vectors are read nowhere here, and JSON needs no JVM flags.
        put(properties, "JDBC_QUERY_RESULT_FORMAT", "JSON");
        put(properties, "CLIENT_TELEMETRY_ENABLED", "false");
        // Otherwise the first connection asks three clouds' metadata addresses where it runs.
        put(properties, "disablePlatformDetection", "true");
        put(properties, "loginTimeout", Integer.toString(LOGIN_SECONDS));
        put(properties, "networkTimeout", Integer.toString(NETWORK_MILLIS));
        putSecret(properties);
        return properties;
    }

    private void putSecret(Properties properties) {
        if (settings.privateKeyFile() != null) {
            put(properties, "private_key_file", settings.privateKeyFile());
            put(properties, "authenticator", "snowflake_jwt");
            if (settings.privateKeyPasswordFile() != null) {
                String key = WarehouseOptions.PRIVATE_KEY_PASSWORD_FILE.key();
                put(properties, "private_key_pwd", secret(key, settings.privateKeyPasswordFile()));
            }
        } else if (settings.passwordFile() != null) {
            put(properties, "password", secret(WarehouseOptions.PASSWORD_FILE.key(), settings.passwordFile()));
        } else {
            String password = System.getenv(PASSWORD_VARIABLE);
            if (password == null) {
                throw new IllegalArgumentException("Cannot connect to " + settings + ": there is no secret. Set "
                        + WarehouseOptions.PRIVATE_KEY_FILE.key() + " or " + WarehouseOptions.PASSWORD_FILE.key()
                        + ", or the environment variable " + PASSWORD_VARIABLE + " of every Flink process.");
            }
            put(properties, "password", password);
        }
    }

    private static String secret(String key, String file) {
        try {
            return Files.readString(Path.of(file)).strip();
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    "Cannot read " + file + ": " + e.getClass().getSimpleName() + ". Point " + key
                            + " at a file that this process may read, on every machine.",
                    e);
        }
    }

    private static void put(Properties properties, String name, @Nullable String value) {
        if (value != null) {
            properties.setProperty(name, value);
        }
    }
}
