package dev.spindrift.udf.chunk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.spindrift.udf.token.ModelInput;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChunkerTest {
    private static final String MARKDOWN = "text/markdown";

    private final WordTokenizer words = new WordTokenizer();
    private final Chunker chunker = new Chunker(ChunkSettings.DEFAULTS, words, 512);

    @Test
    void startsAChunkAtEachHeadingAndKeepsThePathToIt() {
        List<Chunk> chunks =
                chunker.chunk("Before.\n\n# A\n\none\n\n## B ##\n\ntwo\n\n### C\n\nthree\n\n## D\n\nfour\n", MARKDOWN);
        assertThat(chunks).extracting(Chunk::heading).containsExactly("", "A", "A > B", "A > B > C", "A > D");
        assertThat(chunks)
                .extracting(Chunk::text)
                .containsExactly(
                        "Before.\n\n", "# A\n\none\n\n", "## B ##\n\ntwo\n\n", "### C\n\nthree\n\n", "## D\n\nfour\n");
    }

    @Test
    void readsUnderlinedHeadings() {
        List<Chunk> chunks = chunker.chunk("Title\n=====\none\n\nA\nlong one\n---\ntwo\n\n- item\n---\n", MARKDOWN);
        assertThat(chunks).extracting(Chunk::heading).containsExactly("Title", "Title > A long one");
    }

    @Test
    void joinsAHeadingWithoutABodyToWhatFollows() {
        List<Chunk> chunks = chunker.chunk("# A\n\n## B\n\n## C\n\ntext\n", MARKDOWN);
        assertThat(chunks).singleElement().extracting(Chunk::heading).isEqualTo("A > C");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "```\n# no\n\n# no\n```\n",
                "~~~~\n~~~\n# no\n~~~~\n",
                "text\n\n    # no\n",
                "<!--\n\n# no\n\n-->\n",
                "#no\n",
                "####### no\n",
                "| a | b |\n|---|---|\n| c | d |\n",
                "> # no\n"
            })
    void seesNoHeadingWhereMarkdownHasNone(String text) {
        assertThat(chunker.chunk("# A\n\n" + text, MARKDOWN))
                .singleElement()
                .extracting(Chunk::heading)
                .isEqualTo("A");
        assertThat(chunker.chunk(text, MARKDOWN)).extracting(Chunk::heading).containsOnly("");
    }

    @Test
    void seesNoHeadingInMetadataAtTheStart() {
        List<Chunk> chunks = chunker.chunk("---\ntitle: no\n---\ntext\n", MARKDOWN);
        assertThat(chunks).singleElement().extracting(Chunk::heading).isEqualTo("");
    }

    @Test
    void readsOtherMediaTypesAsPlainText() {
        assertThat(chunker.chunk("a\n\n# b\n\nc\n", "text/plain")).hasSize(1);
        assertThat(chunker.chunk("a\n\n# b\n\nc\n", "Text/X-Markdown; charset=utf-8"))
                .hasSize(2);
    }

    @Test
    void repeatsTheEndOfAChunkFromTheStartOfAWordOn() {
        List<Chunk> chunks = chunker.chunk("# A\n\n" + paragraphs(60), MARKDOWN);
        for (int i = 1; i < chunks.size(); i++) {
            String overlap = chunks.get(i)
                    .text()
                    .substring(0, chunks.get(i - 1).end() - chunks.get(i).start());
            assertThat(words.count(overlap)).isBetween(10, 32);
            assertThat(chunks.get(i - 1).text()).endsWith(" " + overlap);
        }
    }

    @Test
    void hasNoChunksForAnEmptyTextAndOneForWhiteSpace() {
        assertThat(chunker.chunk("", MARKDOWN)).isEmpty();
        assertThat(chunker.chunk(" \n ", MARKDOWN))
                .singleElement()
                .isEqualTo(new Chunk(0, 0, 3, "", new ModelInput(" \n ", 0, ModelInput.NO_IDS)));
    }

    @Test
    void countsOffsetsInCodePoints() {
        String emoji = "\uD83D\uDE00";
        List<Chunk> chunks = chunker.chunk(emoji.repeat(3) + "\n\n# A\n\n" + emoji, MARKDOWN);
        assertThat(chunks.get(1).start()).isEqualTo(5);
        assertThat(chunks.get(1).end()).isEqualTo(11);
    }

    @Test
    void refusesSettingsThatCannotBeHeld() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ChunkSettings(0, 0))
                .withMessageContaining("chunk.target-tokens");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ChunkSettings(32, 32))
                .withMessageContaining("chunk.overlap-tokens");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Chunker(ChunkSettings.DEFAULTS, words, 239))
                .withMessageContaining("chunk.target-tokens")
                .withMessageContaining("239");
    }

    @Test
    void refusesACodePointThatAloneExceedsTheCap() {
        Chunker tight = new Chunker(new ChunkSettings(1, 0), text -> words.tokenize("a ".repeat(3 * text.length())), 1);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> tight.chunk("a", MARKDOWN))
                .withMessageContaining("U+61");
    }

    @Test
    void namesByItsFingerprintAllThatDecidesHowItCuts() {
        ChunkSettings settings = ChunkSettings.DEFAULTS;
        assertThat(List.of(
                        chunker.fingerprint(),
                        new Chunker(new ChunkSettings(239, 32), words, 512).fingerprint(),
                        new Chunker(new ChunkSettings(240, 31), words, 512).fingerprint(),
                        new Chunker(settings, words, 511).fingerprint(),
                        new Chunker(settings, new ShiftingTokenizer(), 512).fingerprint()))
                .doesNotHaveDuplicates()
                .allMatch(fingerprint -> fingerprint.matches("[0-9a-f]{32}"));
        assertThat(new Chunker(settings, new WordTokenizer(), 512).fingerprint())
                .isEqualTo(chunker.fingerprint());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                " ",
                "x",
                "a ",
                "A. ",
                "a\n",
                "x\n\n",
                "\uD83D\uDE00",
                "\u0301",
                "!",
                "漢",
                "# H\n",
                "a\n=\n",
                "```\n~~~\n",
                "\uD83D\uDC69\u200D\uD83D\uDC67",
                "| a | b |\n",
                "> ",
                "The same paragraph once more.\n\n"
            })
    void givesTheTokenizerEachCharacterAFewTimesOnly(String unit) {
        int length = 1 << 17;
        words.characters.set(0);
        String text = unit.repeat(length / unit.length());
        List<Chunk> chunks = chunker.chunk(text, MARKDOWN);
        assertThat(words.characters.get()).isLessThanOrEqualTo(10L * length);
        assertThat(chunks.get(chunks.size() - 1).end()).isEqualTo(text.codePointCount(0, text.length()));
    }

    @Test
    void cutsSixteenMegabytesOfOneLine() {
        String text = "word sea stream. ".repeat((16 << 20) / 17);
        words.characters.set(0);
        List<Chunk> chunks = chunker.chunk(text, MARKDOWN);
        assertThat(words.characters.get()).isLessThanOrEqualTo(10L * text.length());
        assertThat(chunks).hasSizeGreaterThan(10_000).allMatch(chunk -> chunk.tokens() <= 512);
    }

    private static String paragraphs(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> IntStream.range(0, 40)
                        .mapToObj(j -> Integer.toString((i * 7919 + j * 104_729) % 99_991, 36))
                        .collect(Collectors.joining(" ", "", ".\n\n")))
                .collect(Collectors.joining());
    }
}
