package dev.spindrift.udf.chunk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spindrift.udf.token.Tokenizer;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What every chunking has to hold, on thousands of generated texts; a failure names the seed of its text. */
class ChunkerPropertyTest {
    private static final int TEXTS = 200;
    private static final Pattern CLUSTER = Pattern.compile("\\X");

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void keepsItsPromisesOnAnyText(int batch) {
        Tokenizer words = new WordTokenizer();
        Tokenizer shifting = new ShiftingTokenizer();
        for (int i = 0; i < TEXTS; i++) {
            long seed = batch * 1_000_003L + i;
            Random random = new Random(seed);
            String text = GeneratedText.of(random);
            int cap = 4 + random.nextInt(random.nextBoolean() ? 20 : 300);
            int target = 1 + random.nextInt(cap);
            ChunkSettings settings = new ChunkSettings(target, random.nextInt(target));
            Tokenizer tokenizer = random.nextInt(3) == 0 ? shifting : words;
            String mediaType = random.nextBoolean() ? "text/markdown" : "text/plain";
            check("seed " + seed, text, mediaType, new Chunker(settings, tokenizer, cap), tokenizer, cap, settings);
        }
    }

    private static void check(
            String seed,
            String text,
            String mediaType,
            Chunker chunker,
            Tokenizer tokenizer,
            int cap,
            ChunkSettings settings) {
        List<Chunk> chunks = chunker.chunk(text, mediaType);
        assertThat(chunker.chunk(text, mediaType)).as(seed).isEqualTo(chunks);
        int[] points = text.codePoints().toArray();
        StringBuilder whole = new StringBuilder();
        int end = 0;
        for (int i = 0; i < chunks.size(); i++) {
            Chunk chunk = chunks.get(i);
            assertThat(chunk.position()).as(seed).isEqualTo(i);
            assertThat(chunk.start()).as(seed).isBetween(0, end);
            assertThat(chunk.end()).as(seed).isGreaterThan(end);
            assertThat(chunk.text()).as(seed).isEqualTo(new String(points, chunk.start(), chunk.end() - chunk.start()));
            assertThat(chunk.tokens())
                    .as(seed)
                    .isEqualTo(tokenizer.count(chunk.text()))
                    .isLessThanOrEqualTo(cap);
            String overlap = new String(points, chunk.start(), end - chunk.start());
            assertThat(tokenizer.count(overlap)).as(seed).isLessThanOrEqualTo(settings.overlapTokens());
            whole.append(points.length == 0 ? "" : new String(points, end, chunk.end() - end));
            end = chunk.end();
        }
        assertThat(whole.toString()).as(seed).isEqualTo(text);
        checkGraphemes(seed, text, chunks, tokenizer, cap);
        if (tokenizer instanceof WordTokenizer && !text.isBlank()) {
            assertThat(chunks)
                    .as(seed)
                    .filteredOn(chunk -> chunk.text().isBlank())
                    .isEmpty();
        }
    }

    private static void checkGraphemes(String seed, String text, List<Chunk> chunks, Tokenizer tokenizer, int cap) {
        Matcher cluster = CLUSTER.matcher(text);
        int start = 0;
        int next = 1;
        while (cluster.find() && next < chunks.size()) {
            int end = start + cluster.group().codePointCount(0, cluster.group().length());
            while (next < chunks.size() && chunks.get(next - 1).end() < end) {
                if (chunks.get(next - 1).end() > start) {
                    assertThat(tokenizer.count(cluster.group()))
                            .as("%s: cut inside the grapheme at %d", seed, start)
                            .isGreaterThan(cap);
                }
                next++;
            }
            start = end;
        }
    }
}
