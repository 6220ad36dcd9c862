package dev.spindrift.pipeline.warehouse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.apache.flink.configuration.Configuration;
import org.junit.jupiter.api.Test;

class WarehouseSettingsTest {

    @Test
    void printsNoSecret() {
        Configuration config = valid();
        config.set(WarehouseOptions.URL, "jdbc:snowflake://host/?password=secret");
        config.set(WarehouseOptions.PASSWORD_FILE, "/run/password");

        assertThat(WarehouseSettings.from(config).toString()).doesNotContain("secret");
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
        config.set(WarehouseOptions.URL, "jdbc:postgresql://host/db?password=secret");

        assertThatThrownBy(() -> WarehouseSettings.from(config))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("jdbc:snowflake://")
                .hasMessageNotContaining("secret");
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
