package dev.spindrift.udf.huggingface;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsTest {
    private static final String WHOLE = """
            {"name": "größer", "size": 384, "eps": 1e-12, "theta": 10000, "on": true, "none": null,
             "inner": {"deep": {"n": -3}}, "layers": [1, 2], "types": ["a", "b"], "parts": [{"idx": 0}]}
            """;

    @TempDir
    Path folder;

    @Test
    void readsEachFieldByItsType() {
        Settings settings = parse(WHOLE);
        assertThat(settings.string("name")).isEqualTo("größer");
        assertThat(settings.integer("size")).isEqualTo(384);
        assertThat(settings.decimal("eps")).isEqualTo(1e-12);
        assertThat(settings.decimal("theta")).isEqualTo(10000);
        assertThat(settings.flag("on")).isTrue();
        assertThat(settings.object("inner").object("deep").integer("n")).isEqualTo(-3);
        assertThat(settings.integers("layers")).containsExactly(1, 2);
        assertThat(settings.strings("types")).containsExactly("a", "b");
        assertThat(settings.objects("parts").get(0).integer("idx")).isZero();
    }

    @Test
    void takesNullForAbsent() {
        Settings settings = parse(WHOLE);
        assertThat(settings.has("none")).isFalse();
        assertThat(settings.integer("none", 7)).isEqualTo(7);
        assertThat(settings.names()).doesNotContain("none").startsWith("name", "size");
    }

    @Test
    void givesTheDefaultOfAnAbsentField() {
        Settings settings = parse("{}");
        assertThat(settings.string("a", "b")).isEqualTo("b");
        assertThat(settings.decimal("a", 0.5)).isEqualTo(0.5);
        assertThat(settings.flag("a", true)).isTrue();
        assertThat(settings.strings("a")).isEmpty();
    }

    @Test
    void namesFileAndFieldOfAWrongOne() {
        Settings settings = parse(WHOLE);
        assertRefused(() -> settings.integer("absent"), "\"absent\" is missing");
        assertRefused(() -> settings.integer("name"), "\"name\" is not an integer");
        assertRefused(() -> settings.integer("eps"), "\"eps\" is not an integer");
        assertRefused(() -> settings.string("size"), "\"size\" is not a string");
        assertRefused(() -> settings.flag("size", false), "\"size\" is not true or false");
        assertRefused(() -> settings.strings("layers"), "\"layers\" is not an array of strings");
        assertRefused(() -> settings.object("inner").object("deep").string("n"), "\"inner.deep.n\" is not a string");
        assertRefused(() -> settings.objects("parts").get(0).flag("idx"), "\"parts[0].idx\" is not true or false");
    }

    @Test
    void refusesAnIntegerBeyond32Bits() {
        assertRefused(() -> parse("{\"n\": 4294967296}").integer("n"), "\"n\" is 4294967296, beyond 32 bits");
        assertRefused(() -> parse("{\"n\": 99999999999999999999}").integer("n"), "\"n\" is not an integer");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "{",
                "{}{}",
                "{} x",
                "{'a': 1}",
                "{a: 1}",
                "{\"a\": 1,}",
                "{\"a\": NaN}",
                "{\"a\": 1e999}",
                "{\"a\": 01}",
                "{\"a\": TRUE}",
                "{\"a\": \"\\u12g4\"}",
                "{\"a\": 1, \"a\": 2}",
                "{\"a\": [1, 2}",
                "// no comments\n{}",
                ")]}'\n{}"
            })
    void refusesWhatIsNotStrictJson(String json) {
        assertRefused(() -> parse(json), "it is not strict JSON");
    }

    @Test
    void refusesAnotherDocumentThanAnObject() {
        assertRefused(() -> parse("[]"), "it holds no JSON object");
        assertRefused(() -> parse("null"), "it holds no JSON object");
        assertRefused(() -> Settings.parseList("config.json", "[1]".getBytes(UTF_8)), "[0] is no object");
    }

    @Test
    void refusesDeepNesting() {
        assertRefused(() -> parse("{\"a\":".repeat(100_000)), "it is not strict JSON");
        assertRefused(() -> parse("{\"a\":" + "[".repeat(1_000_000)), "it is not strict JSON");
    }

    @Test
    void refusesTextThatIsNotUtf8() {
        byte[] latin = "{\"a\": \"größer\"}".getBytes(ISO_8859_1);
        assertRefused(() -> Settings.parse("config.json", latin), "it is not UTF-8 text");
    }

    @Test
    void refusesAHugeFile() throws IOException {
        Path file = folder.resolve("config.json");
        Files.writeString(file, " ".repeat((4 << 20) + 1));
        assertRefused(() -> Settings.read(file), "it is larger than 4 MiB");
    }

    @Test
    void namesAFileThatIsNotThere() {
        assertThatThrownBy(() -> Settings.read(folder.resolve("config.json")))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("Cannot read " + folder.resolve("config.json"));
    }

    private static Settings parse(String json) {
        return Settings.parse("config.json", json.getBytes(UTF_8));
    }

    private static void assertRefused(ThrowingCallable read, String why) {
        assertThatThrownBy(read)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("config.json: ")
                .hasMessageContaining(why);
    }
}
