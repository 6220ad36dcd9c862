package dev.spindrift.udf.huggingface;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.spindrift.udf.reference.Family;
import dev.spindrift.udf.reference.TinyModel;
import dev.spindrift.udf.token.Tokens;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SubwordTokenizerTest {
    private static final String MIXED = "The Quick brown fox; naïve 漢字 👩‍👩‍👧 e\u0301 \u0000 end.\n\n  Two  ";

    @TempDir
    private Path folder;

    @ParameterizedTest
    @EnumSource(
            value = Family.class,
            names = {"BERT", "ROBERTA", "XLM_ROBERTA", "QWEN3"})
    void tellsWhereEachTokenLiesInUtf16(Family family) throws IOException {
        SubwordTokenizer tokenizer = tokenizer(family, "", "");
        Tokens tokens = tokenizer.tokenize(MIXED);
        for (int i = 0; i < tokens.size(); i++) {
            assertThat(tokens.starts()[i]).isBetween(i == 0 ? 0 : tokens.starts()[i - 1], tokens.ends()[i]);
            assertThat(tokens.ends()[i]).isBetween(i == 0 ? 0 : tokens.ends()[i - 1], MIXED.length());
            assertThat(splitsAPair(tokens.starts()[i]) || splitsAPair(tokens.ends()[i]))
                    .isFalse();
        }
        int fox = MIXED.indexOf("fox");
        assertThat(Arrays.stream(tokens.ends())).contains(fox + 3);
        assertThat(Arrays.stream(tokens.starts()).anyMatch(start -> start == fox || start == fox - 1))
                .isTrue();
        int two = MIXED.indexOf("Two");
        assertThat(Arrays.stream(tokens.ends())).contains(two + 3);
    }

    @ParameterizedTest
    @EnumSource(
            value = Family.class,
            names = {"BERT", "ROBERTA", "XLM_ROBERTA", "QWEN3"})
    void putsSpecialTokensAroundTheSameTokens(Family family) throws IOException {
        SubwordTokenizer tokenizer = tokenizer(family, "", "");
        int[] text = tokenizer.tokenize(MIXED).ids();
        int[] whole = tokenizer.document(MIXED).ids();
        int before = whole.length - text.length - tokenizer.trailingSpecialTokens();
        assertThat(tokenizer.trailingSpecialTokens()).isEqualTo(1);
        assertThat(before).isEqualTo(family == Family.QWEN3 ? 0 : 1);
        assertThat(Arrays.copyOfRange(whole, before, before + text.length)).isEqualTo(text);
        assertThat(tokenizer.document(MIXED).tokens()).isEqualTo(text.length).isEqualTo(tokenizer.count(MIXED));
    }

    @Test
    void readsAPromptWithTheTextAndDoesNotCountIt() throws IOException {
        SubwordTokenizer tokenizer = tokenizer(Family.BERT, "passage: ", "query: ");
        assertThat(tokenizer.document("a fox").tokens()).isEqualTo(tokenizer.count("a fox"));
        assertThat(tokenizer.query("a fox").tokens()).isEqualTo(tokenizer.count("a fox"));
        SubwordTokenizer plain = tokenizer(Family.BERT, "", "");
        assertThat(tokenizer.document("a fox").ids())
                .isEqualTo(plain.document("passage: a fox").ids());
        assertThat(tokenizer.query("a fox").ids())
                .isEqualTo(plain.document("query: a fox").ids());
        assertThat(tokenizer.document("a fox").text()).isEqualTo("a fox");
    }

    @Test
    void cutsNothingByItself() throws IOException {
        Path directory = TinyModel.of(Family.BERT).tokenizerCutsAt(16).write(folder.resolve("cut"));
        SubwordTokenizer tokenizer = read(Files.readString(directory.resolve("tokenizer.json")));
        assertThat(tokenizer.document("fox ".repeat(1000)).ids()).hasSizeGreaterThan(1000);
        assertThat(tokenizer.document("f").ids()).hasSize(3);
    }

    @Test
    void cutsOnRequestAtATokensEnd() throws IOException {
        SubwordTokenizer tokenizer = tokenizer(Family.ROBERTA, "", "");
        Random random = new Random(5);
        for (int i = 0; i < 200; i++) {
            int most = 1 + random.nextInt(20);
            String cut = tokenizer.cut(MIXED, most);
            assertThat(MIXED).startsWith(cut);
            assertThat(tokenizer.count(cut)).isLessThanOrEqualTo(most);
        }
        assertThat(tokenizer.cut(MIXED, 10_000)).isEqualTo(MIXED);
        assertThat(tokenizer.cut("a b c d e f g", 3)).isEqualTo("a b c");
    }

    @Test
    void takesHalvesOfPairsForReplacementCharacters() throws IOException {
        SubwordTokenizer tokenizer = tokenizer(Family.ROBERTA, "", "");
        assertThat(tokenizer.document("a \uD83D b \uDC69 c").ids())
                .isEqualTo(tokenizer.document("a \uFFFD b \uFFFD c").ids());
        Tokens tokens = tokenizer.tokenize("\uD83D b");
        assertThat(tokens.ends()[tokens.size() - 1]).isEqualTo(3);
    }

    @Test
    void putsIntoLowerCaseWithEveryCharacterAtItsPlace() throws IOException {
        String json = json(Family.ROBERTA);
        SubwordTokenizer lower =
                new SubwordTokenizer("tokenizer.json", json.getBytes(StandardCharsets.UTF_8), "", "", true);
        SubwordTokenizer plain = read(json);
        assertThat(lower.document("A FOX, İ").ids())
                .isEqualTo(plain.document("a fox, i").ids());
    }

    @Test
    void givesTheSameToAllThreads() throws IOException, InterruptedException, ExecutionException {
        SubwordTokenizer tokenizer = tokenizer(Family.XLM_ROBERTA, "", "");
        int[] expected = tokenizer.document(MIXED).ids();
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            List<Future<Boolean>> all = new ArrayList<>();
            for (int i = 0; i < 400; i++) {
                all.add(threads.submit(
                        () -> Arrays.equals(tokenizer.document(MIXED).ids(), expected)));
            }
            for (Future<Boolean> each : all) {
                assertThat(each.get()).isTrue();
            }
        } finally {
            threads.shutdown();
        }
    }

    @Test
    void refusesWhatIsNoTokenizer() {
        for (String json : List.of("", "{}", "[1]", "7", "not json", "{\"model\": {\"type\": \"Unknown\"}}")) {
            assertThatThrownBy(() -> read(json))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith("Cannot read tokenizer.json: ");
        }
    }

    /** The library panics over some mistakes, which ends the process: those must not come to it. */
    @ParameterizedTest
    @EnumSource(
            value = Family.class,
            names = {"BERT", "ROBERTA", "XLM_ROBERTA"})
    void refusesBrokenFilesWithoutEndingTheProcess(Family family) throws IOException {
        String whole = json(family);
        Random random = new Random(11);
        for (int i = 0; i < 300; i++) {
            char[] broken = whole.toCharArray();
            broken[random.nextInt(broken.length)] = (char) (' ' + random.nextInt(90));
            int length = random.nextBoolean() ? broken.length : random.nextInt(broken.length);
            try {
                read(new String(broken, 0, length)).document(MIXED);
            } catch (IllegalArgumentException e) {
                assertThat(e).hasMessageStartingWith("Cannot read tokenizer.json: ");
            }
        }
    }

    private static SubwordTokenizer read(String json) {
        return new SubwordTokenizer("tokenizer.json", json.getBytes(StandardCharsets.UTF_8), "", "", false);
    }

    private static boolean splitsAPair(int at) {
        return at > 0 && at < MIXED.length() && Character.isLowSurrogate(MIXED.charAt(at));
    }

    private SubwordTokenizer tokenizer(Family family, String documentPrompt, String queryPrompt) throws IOException {
        return new SubwordTokenizer(
                "tokenizer.json", json(family).getBytes(StandardCharsets.UTF_8), documentPrompt, queryPrompt, false);
    }

    private String json(Family family) throws IOException {
        Path directory = folder.resolve(family.name());
        if (!Files.exists(directory)) {
            TinyModel.of(family).write(directory);
        }
        return Files.readString(directory.resolve("tokenizer.json"));
    }
}
