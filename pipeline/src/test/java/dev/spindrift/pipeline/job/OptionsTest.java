package dev.spindrift.pipeline.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.api.Test;

class OptionsTest {
    private static final Path DOCUMENT = Path.of("../docs/options.md");
    private static final String HEAD = "| option | type | default | what it does |\n|---|---|---|---|\n";

    private static String table() {
        StringBuilder table = new StringBuilder(HEAD);
        for (KnownOption option : Options.known()) {
            String standard = option.defaultText();
            table.append("| `")
                    .append(option.key())
                    .append("` | ")
                    .append(
                            option.kind() == KnownOption.Kind.CHOICE
                                    ? option.allowed()
                                    : option.kind().name().toLowerCase(Locale.ROOT))
                    .append(" | ")
                    .append(standard == null ? "none" : "`" + standard + "`")
                    .append(" | ")
                    .append(option.description())
                    .append(" |\n");
        }
        return table.toString();
    }

    @Test
    void areAllInTheirDocument() throws IOException {
        assertThat(Files.readString(DOCUMENT))
                .as("docs/options.md has to hold exactly this table:%n%s", table())
                .contains(table());
    }

    @Test
    void areNamedDescribedAndDistinct() {
        assertThat(Options.known()).extracting(KnownOption::key).doesNotHaveDuplicates();
        assertThat(Options.known()).allSatisfy(option -> {
            assertThat(option.key()).matches("[a-z]+(\\.[a-z]+(-[a-z]+)*)+");
            assertThat(option.description()).as(option.key()).endsWith(".").hasSizeGreaterThan(20);
        });
    }
}
