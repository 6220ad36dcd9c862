package dev.spindrift.pipeline.warehouse;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ErrorCodesTest {

    @ParameterizedTest
    @CsvSource({
        "625,57014",
        "604,57014",
        "390111,08001",
        "390112,08001",
        "390114,08001",
        "200002,08001",
        "200015,58030",
        "200016,58030",
        "300010,XX000",
        "603,XX000",
        "1,40001"
    })
    void findsPassingFailuresPassing(int code, String state) {
        assertThat(ErrorCodes.isTransient(new SQLException("anything", state, code)))
                .isTrue();
    }

    @ParameterizedTest
    @CsvSource({"390100,08001", "390144,08001", "2003,42S02", "1003,42000", "904,42000", "100038,22018", "606,57P03"})
    void findsLastingFailuresLasting(int code, String state) {
        assertThat(ErrorCodes.isTransient(new SQLException("connection timed out, try again", state, code)))
                .isFalse();
    }
}
