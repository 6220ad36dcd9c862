package dev.spindrift.pipeline.warehouse;

import static java.util.regex.Pattern.CASE_INSENSITIVE;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
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

    /** What a JDBC address may hold that must not be read by whoever reads the configuration. */
    private static final Pattern SECRET = Pattern.compile("[?&](password|token|private_key_pwd)=", CASE_INSENSITIVE);

    /** Checks everything, and throws with one line per mistake. */
    public WarehouseSettings {
        List<String> mistakes = new ArrayList<>();
        checkUrl(url, mistakes);
        checkText("warehouse.user", user, mistakes);
        checkText("warehouse.database", database, mistakes);
        checkText("warehouse.schema", schema, mistakes);
        if (passwordFile != null && privateKeyFile != null) {
            mistakes.add("Cannot use both warehouse.password-file and warehouse.private-key-file: one user proves"
                    + " itself one way. Remove one of them.");
        }
        if (privateKeyPasswordFile != null && privateKeyFile == null) {
            mistakes.add("Cannot use warehouse.private-key-password-file: there is no key to open with it. Set"
                    + " warehouse.private-key-file.");
        }
        if (!mistakes.isEmpty()) {
            throw new IllegalArgumentException(String.join("\n", mistakes));
        }
    }

    /**
     * Reads and checks the options of {@link WarehouseOptions}.
     *
     * @throws IllegalArgumentException with one line per mistake
     */
    public static WarehouseSettings from(ReadableConfig config) {
        return new WarehouseSettings(
                config.getOptional(WarehouseOptions.URL).orElse(""),
                config.getOptional(WarehouseOptions.USER).orElse(""),
                config.getOptional(WarehouseOptions.ROLE).orElse(null),
                config.getOptional(WarehouseOptions.WAREHOUSE).orElse(null),
                config.get(WarehouseOptions.DATABASE),
                config.get(WarehouseOptions.SCHEMA),
                config.getOptional(WarehouseOptions.PASSWORD_FILE).orElse(null),
                config.getOptional(WarehouseOptions.PRIVATE_KEY_FILE).orElse(null),
                config.getOptional(WarehouseOptions.PRIVATE_KEY_PASSWORD_FILE).orElse(null));
    }

    private static void checkUrl(String url, List<String> mistakes) {
        checkText("warehouse.url", url, mistakes);
        if (!url.isBlank() && !url.startsWith(SCHEME)) {
            mistakes.add("Cannot use warehouse.url '" + withoutQuery(url) + "': it does not begin with " + SCHEME
                    + ". Give " + SCHEME + "<account>.snowflakecomputing.com.");
        }
        if (SECRET.matcher(url).find()) {
            mistakes.add("Cannot use warehouse.url: it holds a secret, which everyone sees who sees the job. Put it"
                    + " into a file and set warehouse.password-file or warehouse.private-key-file.");
        }
    }

    private static void checkText(String key, String value, List<String> mistakes) {
        if (value.isBlank()) {
            mistakes.add("Cannot reach the warehouse: " + key + " is not set. Set " + key + ".");
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
