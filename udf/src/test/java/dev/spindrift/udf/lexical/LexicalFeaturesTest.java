package dev.spindrift.udf.lexical;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spindrift.udf.Fingerprint;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class LexicalFeaturesTest {
    private final LexicalFeatures features = new LexicalFeatures(15, new LexicalTokenizer());

    @Test
    void foldsWhatReadersTakeAsOneWord() {
        assertThat(LexicalFeatures.fold("Größe")).isEqualTo("grosse").isEqualTo(LexicalFeatures.fold("GRÖSSE"));
        assertThat(LexicalFeatures.fold("e\u0301te\u0301")).isEqualTo(LexicalFeatures.fold("ÉTÉ"));
        assertThat(LexicalFeatures.fold("ΛΌΓΟΣ")).isEqualTo(LexicalFeatures.fold("λόγος"));
        assertThat(LexicalFeatures.fold("ﬁle")).isEqualTo("file");
        assertThat(LexicalFeatures.fold("co\u00ADoperate")).isEqualTo("cooperate");
    }

    @Test
    void keepsTheVowelSignsOfIndicScripts() {
        assertThat(LexicalFeatures.fold("हिन्दी")).isEqualTo("हिन्दी");
    }

    @Test
    void givesEachBucketOnceInAscendingOrder() {
        int[] buckets = features.of("Offsets are committed after the checkpoint; 数据流 流数据 offsets!")
                .buckets();
        assertThat(buckets).isSorted().doesNotHaveDuplicates();
        assertThat(buckets[0]).isNotNegative();
        assertThat(buckets[buckets.length - 1]).isLessThan(1 << 15);
    }

    @Test
    void countsARepeatedWordLessThanTwice() {
        float once = total(features.of("offset"));
        assertThat(total(features.of("offset offset"))).isBetween(1.5f * once, 1.8f * once);
    }

    @Test
    void countsCommonWordsLittle() {
        assertThat(total(features.of("the"))).isLessThan(total(features.of("use")));
        assertThat(total(features.of("use"))).isLessThan(total(features.of("offset")));
    }

    @Test
    void sharesPairsOfLettersWithoutSpaces() {
        Set<Integer> shared = buckets("数据流处理");
        shared.retainAll(buckets("处理数据"));
        // Four letters and two pairs.
        assertThat(shared).hasSize(6);
    }

    @Test
    void alwaysHasAFeature() {
        assertThat(features.of("").size()).isEqualTo(1);
        assertThat(features.of(" \n").size()).isEqualTo(1);
    }

    /** If this fails, vectors have changed: raise the version in {@link BuiltinModel}, then note the new hash here. */
    @Test
    void isTheSameAsEverInThisVersion() {
        Features now = features.of("The offsets were committed — 42 Größen, 数据流; read_committed 🌊 and so on.");
        assertThat(Fingerprint.of(Arrays.toString(now.buckets()), Arrays.toString(now.weights())))
                .isEqualTo("79c4d9144129c2a966ba4b592c16cefb");
    }

    private Set<Integer> buckets(String text) {
        Set<Integer> buckets = new HashSet<>();
        for (int bucket : features.of(text).buckets()) {
            buckets.add(bucket);
        }
        return buckets;
    }

    private static float total(Features features) {
        float total = 0;
        for (float weight : features.weights()) {
            total += weight;
        }
        return total;
    }
}
