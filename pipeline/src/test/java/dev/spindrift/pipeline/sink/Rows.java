package dev.spindrift.pipeline.sink;

import dev.spindrift.pipeline.data.ChunkRow;
import dev.spindrift.pipeline.data.DocumentRow;
import dev.spindrift.pipeline.data.EmbeddingRow;
import dev.spindrift.pipeline.data.RejectedRow;
import dev.spindrift.pipeline.data.TableRow;
import dev.spindrift.udf.Fingerprint;
import dev.spindrift.udf.token.ModelInput;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Rows with good defaults, as the stages before the sink would make them. */
final class Rows {
    static final int DIMENSION = 256;

    private Rows() {}

    /** One edition of a document: its texts decide its edition and its keys. */
    record Edition(String id, long version, long sequence, List<String> texts) {

        static Edition of(String id, long version, long sequence, String... texts) {
            return new Edition(id, version, sequence, List.of(texts));
        }

        String edition() {
            return Fingerprint.of(Long.toString(version), Long.toString(sequence), String.join("\n", texts));
        }

        List<TableRow> vectors() {
            return texts.stream().map(Rows::vector).toList();
        }

        List<TableRow> chunks() {
            List<TableRow> rows = new ArrayList<>();
            for (int i = 0; i < texts.size(); i++) {
                String text = texts.get(i);
                rows.add(TableRow.of(new ChunkRow(
                        id,
                        version,
                        sequence,
                        edition(),
                        i,
                        text,
                        0,
                        text.length(),
                        "",
                        3,
                        Fingerprint.of(text),
                        ModelInput.NO_IDS)));
            }
            return rows;
        }

        TableRow document() {
            return document(false);
        }

        TableRow deletion() {
            return document(true);
        }

        private TableRow document(boolean deleted) {
            return TableRow.of(new DocumentRow(
                    id,
                    version,
                    sequence,
                    edition(),
                    deleted,
                    deleted ? 0 : texts.size(),
                    3L * texts.size(),
                    "text/plain",
                    null,
                    "{\"language\":\"en\"}",
                    Fingerprint.of(String.join("\n", texts)),
                    Fingerprint.of("chunker"),
                    source(sequence)));
        }

        /** All rows of it, as one checkpoint brings them when nothing is in flight. */
        List<TableRow> all() {
            List<TableRow> rows = new ArrayList<>(vectors());
            rows.addAll(chunks());
            rows.add(document());
            return rows;
        }
    }

    static TableRow vector(String text) {
        Random random = new Random(text.hashCode());
        float[] vector = new float[DIMENSION];
        for (int i = 0; i < DIMENSION; i++) {
            vector[i] = random.nextFloat() - 0.5f;
        }
        return TableRow.of(new EmbeddingRow(Fingerprint.of(text), vector, 3));
    }

    static TableRow rejection(String id, String edition, long sequence) {
        byte[] payload = "not a document".getBytes(StandardCharsets.UTF_8);
        return TableRow.of(new RejectedRow(
                id, 1L, edition, 0, "embed", "the vector is not finite", payload, payload.length, source(sequence)));
    }

    static String source(long sequence) {
        return "{\"topic\":\"t\",\"partition\":0,\"offset\":" + sequence + "}";
    }
}
