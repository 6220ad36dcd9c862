package dev.spindrift.pipeline.warehouse;

import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;

/** Where the warehouse is and who asks. */
public final class WarehouseOptions {

    public static final ConfigOption<String> URL = ConfigOptions.key("warehouse.url")
            .stringType()
            .noDefaultValue()
            .withDescription(
                    "JDBC address of the Snowflake account, such as jdbc:snowflake://<account>.snowflakecomputing.com.");

    public static final ConfigOption<String> USER = ConfigOptions.key("warehouse.user")
            .stringType()
            .noDefaultValue()
            .withDescription("User that writes the tables; it needs the role that sql/setup.sql makes.");

    public static final ConfigOption<String> ROLE = ConfigOptions.key("warehouse.role")
            .stringType()
            .noDefaultValue()
            .withDescription("Role to take on; the user's default role if not given.");

    public static final ConfigOption<String> WAREHOUSE = ConfigOptions.key("warehouse.warehouse")
            .stringType()
            .noDefaultValue()
            .withDescription("Virtual warehouse that runs the commits; the user's default if not given. "
                    + "XSMALL is enough until commits take longer than the checkpoint interval.");

    public static final ConfigOption<String> DATABASE = ConfigOptions.key("warehouse.database")
            .stringType()
            .defaultValue("SPINDRIFT")
            .withDescription("Database that holds the tables.");

    public static final ConfigOption<String> SCHEMA = ConfigOptions.key("warehouse.schema")
            .stringType()
            .defaultValue("PUBLIC")
            .withDescription("Schema that holds the tables.");

    public static final ConfigOption<String> PASSWORD_FILE = ConfigOptions.key("warehouse.password-file")
            .stringType()
            .noDefaultValue()
            .withDescription("File with the user's password or programmatic access token, readable on every machine "
                    + "of the cluster; read again at each connection. Without it and without a private key, the "
                    + "environment variable SPINDRIFT_WAREHOUSE_PASSWORD holds the password.");

    public static final ConfigOption<String> PRIVATE_KEY_FILE = ConfigOptions.key("warehouse.private-key-file")
            .stringType()
            .noDefaultValue()
            .withDescription("File with the user's private key (PKCS#8, PEM), readable on every machine of the "
                    + "cluster. What Snowflake recommends for services.");

    public static final ConfigOption<String> PRIVATE_KEY_PASSWORD_FILE = ConfigOptions.key(
                    "warehouse.private-key-password-file")
            .stringType()
            .noDefaultValue()
            .withDescription("File with the private key's own password, if it has one.");

    private WarehouseOptions() {}
}
