package dev.spindrift.udf.reference;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * Feeds a reader with damaged and made-up inputs. Each must be read, or refused with an error that says what cannot be
 * read. Each input has a seed of its own, which a failure names; {@code -Dfuzz.seed=N} begins elsewhere.
 */
public final class Fuzzer {
    private static final long SEED = Long.getLong("fuzz.seed", 1);

    /** What often breaks readers of JSON and of numbers in it. */
    private static final List<String> PIECES = List.of(
            "{",
            "}",
            "[",
            "]",
            ",",
            ":",
            "\"",
            "null",
            "true",
            "-1",
            "0",
            "1e400",
            "NaN",
            "4294967296",
            "9223372036854775807",
            "-9223372036854775808",
            "18446744073709551616",
            "0.5",
            "\\u0000",
            "\\ud800",
            "/*",
            "//",
            "\"a\":1,",
            "[[[[",
            "{\"a\":{\"a\":",
            "../",
            "\0",
            "\ufeff",
            " ",
            "\n",
            "__metadata__",
            "[]",
            "{}");

    private final SplittableRandom random;

    private Fuzzer(SplittableRandom random) {
        this.random = random;
    }

    /** Makes an input. */
    public interface Source {
        byte[] next(Fuzzer fuzzer);
    }

    /** Reads an input. */
    public interface Reader {
        void read(byte[] input) throws IOException;
    }

    /** How inputs were met. */
    public record Outcome(int accepted, int refused) {}

    /**
     * Feeds {@code reader} with {@code inputs} inputs.
     *
     * @param named what each error has to contain
     */
    public static Outcome run(int inputs, String named, Source source, Reader reader) {
        int accepted = 0;
        for (int i = 0; i < inputs; i++) {
            byte[] input = source.next(new Fuzzer(new SplittableRandom(SEED + i)));
            Throwable thrown = feed(reader, input);
            if (thrown == null) {
                accepted++;
            } else if (!isClear(thrown, named)) {
                throw new AssertionError(
                        "Refused without a clear error; replay with -Dfuzz.seed=" + (SEED + i) + "; the input is "
                                + Base64.getEncoder().encodeToString(input),
                        thrown);
            }
        }
        return new Outcome(accepted, inputs - accepted);
    }

    private static @Nullable Throwable feed(Reader reader, byte[] input) {
        try {
            reader.read(input);
            return null;
        } catch (Exception | StackOverflowError | OutOfMemoryError e) {
            return e;
        }
    }

    private static boolean isClear(Throwable thrown, String named) {
        boolean kind =
                thrown.getClass() == IllegalArgumentException.class || thrown.getClass() == UncheckedIOException.class;
        String message = String.valueOf(thrown.getMessage());
        return kind && message.startsWith("Cannot ") && message.contains(named) && message.length() < 2000;
    }

    public SplittableRandom random() {
        return random;
    }

    /** One of {@code choices}. */
    @SafeVarargs
    public final <T> T any(T... choices) {
        return choices[random.nextInt(choices.length)];
    }

    /** {@code whole} with one to four things done to it. */
    public byte[] damaged(byte[] whole) {
        byte[] bytes = whole;
        for (int i = random.nextInt(4); i >= 0; i--) {
            bytes = damagedOnce(bytes);
        }
        return bytes;
    }

    private byte[] damagedOnce(byte[] whole) {
        int from = random.nextInt(whole.length + 1);
        int to = Math.min(whole.length, from + random.nextInt(1 + (random.nextBoolean() ? 8 : whole.length)));
        return switch (random.nextInt(6)) {
            case 0 -> Arrays.copyOf(whole, from);
            case 1 -> joined(whole, from, new byte[0], to);
            case 2 -> joined(whole, to, whole.clone(), from);
            case 3 ->
                joined(whole, from, PIECES.get(random.nextInt(PIECES.size())).getBytes(UTF_8), from);
            case 4 ->
                joined(whole, from, PIECES.get(random.nextInt(PIECES.size())).getBytes(UTF_8), to);
            default -> {
                byte[] flipped = whole.clone();
                for (int i = from; i < Math.min(to, from + 4); i++) {
                    flipped[i] = (byte) random.nextInt(256);
                }
                yield flipped;
            }
        };
    }

    /** The start of {@code whole} until {@code until}, then {@code middle}, then {@code whole} from {@code from} on. */
    private static byte[] joined(byte[] whole, int until, byte[] middle, int from) {
        byte[] joined = Arrays.copyOf(whole, until + middle.length + whole.length - from);
        System.arraycopy(middle, 0, joined, until, middle.length);
        System.arraycopy(whole, from, joined, until + middle.length, whole.length - from);
        return joined;
    }
}
