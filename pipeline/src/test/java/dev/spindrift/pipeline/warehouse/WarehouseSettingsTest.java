package dev.spindrift.pipeline.warehouse;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.apache.flink.configuration.Configuration;
import org.junit.jupiter.api.Test;

class WarehouseSettingsTest {

    @Test
    void refusesASecretInTheAddressWithoutRepeatingIt() {
        Configuration config = valid();
        config.set(WarehouseOptions.URL, "jdbc:snowflake://host/?db=d&PassWord=geheim");

        assertThatThrownBy(() -> WarehouseSettings.from(config))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("warehouse.password-file")
                .hasMessageNotContaining("geheim");
    }

    @Test
    void reportsAllMistakesAtOnce() {
        Configuration config = new Configuration();
        config.set(WarehouseOptions.URL, "http://host");
        config.set(WarehouseOptions.SCHEMA, " ");
        config.set(WarehouseOptions.PRIVATE_KEY_PASSWORD_FILE, "/run/password");

        assertThatThrownBy(() -> WarehouseSettings.from(config))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll(
                        "warehouse.url",
                        "warehouse.user is not set",
                        "warehouse.schema is not set",
                        "warehouse.private-key-password-file");
    }

    @Test
    void namesTheOptionThatIsMissing() {
        assertThatThrownBy(() -> WarehouseSettings.from(new Configuration()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("warehouse.url");
    }

    @Test
    void refusesAnAddressOfAnotherDatabase() {
        Configuration config = valid();
        config.set(WarehouseOptions.URL, "jdbc:postgresql://host/db?password=geheim");

        assertThatThrownBy(() -> WarehouseSettings.from(config))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("jdbc:snowflake://")
                .hasMessageNotContaining("geheim");
    }

    @Test
    void refusesTwoWaysToProveTheUser() {
        Configuration config = valid();
        config.set(WarehouseOptions.PASSWORD_FILE, "/run/password");
        config.set(WarehouseOptions.PRIVATE_KEY_FILE, "/run/key");

        assertThatThrownBy(() -> WarehouseSettings.from(config))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("warehouse.private-key-file");
    }

    private static Configuration valid() {
        Configuration config = new Configuration();
        config.set(WarehouseOptions.URL, "jdbc:snowflake://host/");
        config.set(WarehouseOptions.USER, "someone");
        return config;
    }
}
