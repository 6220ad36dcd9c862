package dev.spindrift.udf.lexical;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class StemTest {

    @Test
    void bringsTheFormsOfAWordTogether() {
        for (List<String> forms : List.of(
                List.of("commit", "commits", "committed", "committing"),
                List.of("offset", "offsets"),
                List.of("query", "queries"),
                List.of("store", "stored", "storing", "stores"),
                List.of("replicate", "replicated", "replication", "replicator"),
                List.of("configure", "configuration", "configurations", "configured"),
                List.of("partition", "partitions", "partitioned", "partitioning"),
                List.of("deploy", "deployment", "deployed"),
                List.of("consume", "consumer", "consumers", "consuming"),
                List.of("batch", "batches", "batching"))) {
            assertThat(forms.stream().map(Stem::of).distinct()).as("%s", forms).hasSize(1);
        }
    }

    @Test
    void leavesShortWordsAndOtherAlphabetsAlone() {
        for (String word : List.of("lag", "bus", "is", "ring", "class", "поток", "größe", "ksql2")) {
            assertThat(Stem.of(word)).isEqualTo(word);
        }
    }
}
