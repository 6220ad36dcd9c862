package dev.spindrift.pipeline.warehouse;

import java.io.Serializable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.flink.configuration.ReadableConfig;
import org.jspecify.annotations.Nullable;

/**
 * Where the warehouse is and who asks, checked. It names the files that hold the secrets and never the secrets
 * themselves, so that it may travel in a job graph and be printed.
 *
 * @param url JDBC address, beginning with {@code jdbc:snowflake://}
 * @param role null for the user's default
 * @param warehouse null for the user's default
 * @param passwordFile null if a private key or the environment gives the secret
 * @param privateKeyFile null if a password is used
 * @param privateKeyPasswordFile null if the private key is not encrypted
 */
public record WarehouseSettings(
        String url,
        String user,
        @Nullable String role,
        @Nullable String warehouse,
        String database,
        String schema,
        @Nullable String passwordFile,
        @Nullable String privateKeyFile,
        @Nullable String privateKeyPasswordFile)
        implements Serializable {

    private static final String SCHEME = "jdbc:snowflake://";

    public WarehouseSettings {
        if (!url.startsWith(SCHEME)) {
            throw new IllegalArgumentException("Cannot use warehouse.url '" + withoutQuery(url)
                    + "': it does not begin with " + SCHEME + ". Give " + SCHEME
                    + "<account>.snowflakecomputing.com.");
        }
        requireText("warehouse.user", user);
        requireText("warehouse.database", database);
        requireText("warehouse.schema", schema);
        if (passwordFile != null && privateKeyFile != null) {
            throw new IllegalArgumentException("Cannot use both warehouse.password-file and"
                    + " warehouse.private-key-file: one user proves itself one way. Remove one of them.");
        }
        if (privateKeyPasswordFile != null && privateKeyFile == null) {
            throw new IllegalArgumentException("Cannot use warehouse.private-key-password-file: there is no key to"
                    + " open with it. Set warehouse.private-key-file.");
        }
    }

    /**
     * Reads and checks the options of {@link WarehouseOptions}.
     *
     * @throws IllegalArgumentException with one line per mistake
     */
    public static WarehouseSettings from(ReadableConfig config) {
        String missing = Stream.of(WarehouseOptions.URL, WarehouseOptions.USER)
                .filter(option -> config.getOptional(option).isEmpty())
                .map(option -> "Cannot reach the warehouse: " + option.key() + " is not set. Set " + option.key() + ".")
                .collect(Collectors.joining("\n"));
        if (!missing.isEmpty()) {
            throw new IllegalArgumentException(missing);
        }
        return new WarehouseSettings(
                config.get(WarehouseOptions.URL),
                config.get(WarehouseOptions.USER),
                config.getOptional(WarehouseOptions.ROLE).orElse(null),
                config.getOptional(WarehouseOptions.WAREHOUSE).orElse(null),
                config.get(WarehouseOptions.DATABASE),
                config.get(WarehouseOptions.SCHEMA),
                config.getOptional(WarehouseOptions.PASSWORD_FILE).orElse(null),
                config.getOptional(WarehouseOptions.PRIVATE_KEY_FILE).orElse(null),
                config.getOptional(WarehouseOptions.PRIVATE_KEY_PASSWORD_FILE).orElse(null));
    }

    private static void requireText(String key, String value) {
        if (value.isBlank()) {
            throw new IllegalArgumentException("Cannot use an empty " + key + ". Give it a value.");
        }
    }

    /** A JDBC address may carry a password in its query. */
    private static String withoutQuery(String url) {
        int query = url.indexOf('?');
        return query < 0 ? url : url.substring(0, query);
    }

    @Override
    public String toString() {
        return user + " at " + withoutQuery(url) + " in " + database + "." + schema;
    }
}
