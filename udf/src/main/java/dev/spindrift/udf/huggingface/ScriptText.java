package dev.spindrift.udf.huggingface;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** TorchScript text from a resource, with places to be filled in: TorchScript has no loop over modules. */
final class ScriptText {
    private String text;

    /** The text of a resource beside this class. */
    ScriptText(String resource) {
        try (InputStream in = ScriptText.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalStateException("Cannot find " + resource + " in the jar. Build it again.");
            }
            text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read " + resource + " from the jar.", e);
        }
    }

    /** Puts an expression in a place. */
    ScriptText put(String place, String expression) {
        text = text.replace("$" + place, expression);
        return this;
    }

    /** Puts a line for each of {@code count} numbers from 0 in the place of a line. */
    ScriptText putLines(String place, int count, IntFunction<String> line) {
        String lines =
                IntStream.range(0, count).mapToObj(i -> line.apply(i) + "\n").collect(Collectors.joining());
        text = text.replace("$" + place + "\n", lines);
        return this;
    }

    @Override
    public String toString() {
        return text;
    }
}
