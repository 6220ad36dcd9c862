package dev.spindrift.udf.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Device;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DevicesTest {

    @Test
    void takesAllGpusOrElseTheCpu() {
        assertThat(Devices.resolve("auto", 2)).containsExactly("cuda:0", "cuda:1");
        assertThat(Devices.resolve("auto", 0)).containsExactly("cpu");
        assertThat(Devices.resolve("cuda:*", 2)).containsExactly("cuda:0", "cuda:1");
    }

    @Test
    void takesTheGpusThatAreNamed() {
        assertThat(Devices.resolve("cuda:1", 2)).containsExactly("cuda:1");
        assertThat(Devices.resolve("cuda:3, cuda:1,cuda:3", 4)).containsExactly("cuda:3", "cuda:1");
        assertThat(Devices.resolve("cpu", 4)).containsExactly("cpu");
    }

    @Test
    void refusesGpusThatAreNotThere() {
        assertThatThrownBy(() -> Devices.resolve("cuda:*", 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("no GPU")
                .hasMessageContaining("embed.device");
        assertThatThrownBy(() -> Devices.resolve("cuda:0,cuda:2", 2)).hasMessageContaining("only cuda:0, cuda:1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "gpu", "cuda", "cuda:", "cuda:x", "cuda:1000", "cpu,cuda:0", "cuda:0,", "CPU"})
    void refusesOtherNames(String names) {
        assertThatThrownBy(() -> Devices.resolve(names))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("auto, cpu, cuda:*");
    }

    @Test
    void findsADeviceOnAnyMachine() {
        assertThat(Devices.resolve("auto")).isNotEmpty();
        assertThat(Devices.memoryInUse("cpu")).isGreaterThan(10 << 20);
    }

    @Test
    void knowsTheEnginesNames() {
        assertThat(Devices.of("cpu")).isEqualTo(Device.cpu());
        assertThat(Devices.of("cuda:3")).isEqualTo(Device.gpu(3));
    }
}
