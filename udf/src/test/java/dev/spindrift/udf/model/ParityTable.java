package dev.spindrift.udf.model;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What the comparisons measured, as a Markdown table. */
final class ParityTable {
    private final List<String> rows = new ArrayList<>();

    /** Adds what the worst of the vectors of one model showed. */
    void add(ParityCase model, Precision precision, Parity worst) {
        rows.add(String.format(
                Locale.ROOT,
                "| %s | %s | %s | %.1e | %.1e |",
                model.family(),
                model.differs(),
                precision,
                1 - worst.cosine(),
                worst.error()));
    }

    void write(Path file) throws IOException {
        List<String> lines = new ArrayList<>(List.of(
                "Worst vector of each small random model, against the reference in double.",
                "",
                "| family | model | precision | 1 - cosine | max. abs. error |",
                "|---|---|---|---:|---:|"));
        rows.stream().sorted().forEach(lines::add);
        Files.write(file, lines);
        System.out.println(String.join("\n", lines));
    }
}
