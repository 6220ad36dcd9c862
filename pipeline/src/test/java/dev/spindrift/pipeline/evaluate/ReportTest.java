package dev.spindrift.pipeline.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportTest {
    @TempDir
    Path folder;

    @Test
    void isReadBackAsItWasWritten() throws Exception {
        Report report = report("q", "builtin", 1.0 / 3);
        report.write(folder.resolve("report.json"));

        assertThat(Report.read(folder.resolve("report.json"))).isEqualTo(report);
    }

    @Test
    void namesWhatIsWorseThanTheBaselineByMoreThanTheTolerance() {
        Report baseline = report("q", "builtin", 0.75);

        assertThat(report("q", "builtin", 0.74).worseThan(baseline, 0))
                .containsExactly("mrr of builtin is 0.7400, and 0.7500 in the baseline");
        assertThat(report("q", "builtin", 0.74).worseThan(baseline, 0.01)).isEmpty();
        assertThat(report("q", "builtin", 0.76).worseThan(baseline, 0)).isEmpty();
        assertThat(baseline.worseThan(baseline, 0)).isEmpty();
    }

    @Test
    void refusesABaselineThatSaysNothingAboutIt() {
        Report report = report("q", "builtin", 0.75);

        assertThatThrownBy(() -> report.worseThan(report("other questions", "builtin", 0.75), 0))
                .hasMessageContaining("other questions");
        assertThatThrownBy(() -> report.worseThan(report("q", "another", 0.75), 0))
                .hasMessageContaining("[another]")
                .hasMessageContaining("[builtin]");
    }

    @Test
    void refusesAFileThatIsNoReport() throws Exception {
        for (String text : new String[] {"", "{}", "[", "{\"rows\": {\"builtin\": {\"mrr\": \"high\"}}}"}) {
            Path file = Files.writeString(folder.resolve("no-report.json"), text);
            assertThatThrownBy(() -> Report.read(file)).hasMessageContaining("no-report.json");
        }
    }

    @Test
    void printsALineForEachRetriever() {
        assertThat(report("q", "builtin", 0.5).table().lines())
                .containsExactly("               mrr", "builtin      0.500");
    }

    private static Report report(String questions, String row, double mrr) {
        return new Report(1, questions, 1, Map.of(row, Map.of("mrr", mrr)));
    }
}
