package dev.spindrift.local.warehouse.server;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Properties;
import net.snowflake.client.api.driver.SnowflakeDriver;

/** Connections by the unmodified driver, as a user of the local warehouse would open them. */
public final class Client {
    private final int port;
    private final Properties properties = new Properties();

    public Client(int port) {
        this.port = port;
        with("user", "spindrift").with("password", "spindrift").with("disablePlatformDetection", "true");
    }

    public Client with(String property, Object value) {
        properties.put(property, value);
        return this;
    }

    public Client without(String property) {
        properties.remove(property);
        return this;
    }

    public Connection connect() throws SQLException {
        String url = "jdbc:snowflake://127.0.0.1:" + port
                + "/?account=local&ssl=off&db=SPINDRIFT&schema=PUBLIC&warehouse=SPINDRIFT_WH";
        return new SnowflakeDriver().connect(url, properties);
    }
}
