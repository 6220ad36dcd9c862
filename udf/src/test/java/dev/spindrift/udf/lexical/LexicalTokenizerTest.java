package dev.spindrift.udf.lexical;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spindrift.udf.token.Tokenizer;
import dev.spindrift.udf.token.Tokens;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LexicalTokenizerTest {
    private static final String[] SCRIPTS = {
        "The offsets are committed, aren't they?",
        "Größe, naïve café — e\u0301te\u0301",
        "Сообщения и смещения",
        "Ἑλληνικὴ γλῶσσα",
        "अनुच्छेद और वाक्य",
        "هذا نص عربي، مع علامات",
        "می\u200Cخواهم",
        "数据流和向量搜索。東京タワー",
        "ภาษาไทยไม่มีช่องว่าง",
        "한국어 문장은 띄어쓰기를 한다",
        "ខ្មែរ မြန်မာ ລາວ",
        "👩\u200D👩\u200D👧 🏳\uFE0F\u200D🌈 𝔘𝔫𝔦 🌊🌊",
        "read_committed --from-beginning ===== | a | b |",
        "x\u00A0y\u200Bz\uFEFF \u0000\u0007",
        "\uD83D lone \uDE00",
        "a".repeat(100) + "𝒳".repeat(70) + "=".repeat(90),
    };

    private final Tokenizer tokenizer = new LexicalTokenizer();

    @Test
    void cutsWordsAndSigns() {
        assertThat(pieces("Topic's read_committed, 3.5 GB!"))
                .containsExactly("Topic", "'", "s", "read", "_", "committed", ",", "3", ".", "5", "GB", "!");
    }

    @Test
    void makesOneTokenOfALetterInScriptsWithoutSpaces() {
        assertThat(pieces("数据流 Kafka流")).containsExactly("数", "据", "流", "Kafka", "流");
        assertThat(pieces("น้ำ")).containsExactly("น้", "ำ");
    }

    @Test
    void keepsMarksAndJoinersWithWhatTheyModify() {
        assertThat(pieces("e\u0301te\u0301 👩\u200D👧")).containsExactly("e\u0301te\u0301", "👩\u200D", "👧");
    }

    @Test
    void takesARunOfOneSignAsOneToken() {
        assertThat(pieces("## a ===== b")).containsExactly("##", "a", "=====", "b");
    }

    @Test
    void cutsLongRunsByCodePoints() {
        assertThat(pieces("𝒳".repeat(70))).containsExactly("𝒳".repeat(32), "𝒳".repeat(32), "𝒳".repeat(6));
    }

    @Test
    void findsNothingInWhiteSpaceOnly() {
        assertThat(tokenizer.tokenize(" \t\n\u2028\u3000").size()).isZero();
        assertThat(tokenizer.tokenize("").size()).isZero();
    }

    @Test
    void givesEqualTokensEqualIds() {
        int[] ids = tokenizer.tokenize("lag Lag lag").ids();
        assertThat(ids[0]).isEqualTo(ids[2]).isNotEqualTo(ids[1]).isNotNegative();
    }

    @Test
    void coversEachCharacterThatIsNotWhiteSpaceOnceInAnyScript() {
        for (String text : SCRIPTS) {
            assertCovered(text);
        }
        Random random = new Random(7);
        for (int round = 0; round < 3000; round++) {
            StringBuilder text = new StringBuilder();
            for (int i = random.nextInt(12); i >= 0; i--) {
                String source = SCRIPTS[random.nextInt(SCRIPTS.length)];
                int from = random.nextInt(source.length());
                // Cuts anywhere, also through surrogate pairs.
                text.append(source, from, Math.min(source.length(), from + 1 + random.nextInt(9)));
            }
            assertCovered(text.toString());
        }
    }

    @Test
    void takesAMegabyteOfAnything() {
        for (String text : List.of("e" + "\u0301".repeat(1 << 20), "数".repeat(1 << 20), ". ".repeat(1 << 19))) {
            assertThat(tokenizer.count(text)).isGreaterThan(1 << 14);
        }
    }

    private void assertCovered(String text) {
        Tokens tokens = tokenizer.tokenize(text);
        int at = 0;
        for (int i = 0; i < tokens.size(); i++) {
            int start = tokens.starts()[i];
            int end = tokens.ends()[i];
            assertThat(text.substring(at, start)).as(text).isBlank();
            assertThat(end).as(text).isGreaterThan(start);
            assertThat(Character.isWhitespace(text.codePointAt(start))).isFalse();
            assertThat(text.codePointCount(start, end)).isLessThanOrEqualTo(LexicalTokenizer.LONGEST);
            assertThat(splitsPair(text, start) || splitsPair(text, end))
                    .as(text)
                    .isFalse();
            at = end;
        }
        assertThat(text.substring(at)).as(text).isBlank();
        assertThat(tokenizer.count(text)).isEqualTo(tokens.size());
    }

    private static boolean splitsPair(String text, int at) {
        return at > 0
                && at < text.length()
                && Character.isHighSurrogate(text.charAt(at - 1))
                && Character.isLowSurrogate(text.charAt(at));
    }

    private List<String> pieces(String text) {
        Tokens tokens = tokenizer.tokenize(text);
        List<String> pieces = new ArrayList<>();
        for (int i = 0; i < tokens.size(); i++) {
            pieces.add(text.substring(tokens.starts()[i], tokens.ends()[i]));
        }
        return pieces;
    }
}
