package dev.spindrift.pipeline.source;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spindrift.pipeline.data.Document;
import dev.spindrift.pipeline.data.RejectedRow;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class KafkaDocumentSchemaTest {
    private static final int MAX_BYTES = 1000;
    private static final long TIMESTAMP = 1_700_000_000_000L;

    private static SourceOutput read(byte @Nullable [] key, byte @Nullable [] value, String... headers) {
        Headers all = new RecordHeaders();
        for (int i = 0; i < headers.length; i += 2) {
            all.add(headers[i], headers[i + 1].getBytes(UTF_8));
        }
        return new KafkaDocumentSchema(MAX_BYTES)
                .read(new ConsumerRecord<>(
                        "docs", 3, 41, TIMESTAMP, TimestampType.CREATE_TIME, 0, 0, key, value, all, Optional.empty()));
    }

    private static Document document(@Nullable String key, @Nullable String value, String... headers) {
        SourceOutput output =
                read(key == null ? null : key.getBytes(UTF_8), value == null ? null : value.getBytes(UTF_8), headers);
        assertThat(output.rejected()).isNull();
        return assertThat(output.document()).isNotNull().actual();
    }

    private static RejectedRow rejected(@Nullable String key, @Nullable String value, String... headers) {
        return rejected(
                read(key == null ? null : key.getBytes(UTF_8), value == null ? null : value.getBytes(UTF_8), headers));
    }

    private static RejectedRow rejected(SourceOutput output) {
        assertThat(output.document()).isNull();
        return assertThat(output.rejected()).isNotNull().actual();
    }

    private static byte[] bytes(int... values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            bytes[i] = (byte) values[i];
        }
        return bytes;
    }

    @Test
    void readsEveryFieldOfTheJson() {
        assertThat(document("key", """
                        {"id": "guide", "text": "Hello 🌊", "version": 7, "media_type": "text/markdown",
                         "uri": "https://example.org/guide", "metadata": {"lang": "en", "n": [1, 2.50, null, true]},
                         "more": {"is": ["skipped"]}}"""))
                .isEqualTo(new Document(
                        "guide",
                        7,
                        true,
                        41,
                        false,
                        "Hello 🌊",
                        "text/markdown",
                        "https://example.org/guide",
                        "{\"lang\":\"en\",\"n\":[1,2.50,null,true]}",
                        "{\"topic\":\"docs\",\"partition\":3,\"offset\":41}"));
    }

    @Test
    void takesTheKeyAsIdWhereTheJsonHasNone() {
        assertThat(document("key", "{\"text\":\"t\"}").id()).isEqualTo("key");
        assertThat(document("key", "{\"text\":\"t\",\"id\":null}").id()).isEqualTo("key");
    }

    @Test
    void takesTheTimestampAsVersionWhereTheJsonHasNone() {
        Document document = document("key", "{\"text\":\"t\"}");
        assertThat(document.version()).isEqualTo(TIMESTAMP);
        assertThat(document.ownVersion()).isFalse();
    }

    @Test
    void readsAnyOtherValueAsPlainText() {
        Document document = document("note", "Just words, {not} JSON.");
        assertThat(document.id()).isEqualTo("note");
        assertThat(document.text()).isEqualTo("Just words, {not} JSON.");
        assertThat(document.mediaType()).isEqualTo("text/plain");
    }

    @Test
    void readsAnEmptyValueAsALiveDocumentWithoutText() {
        Document document = document("note", "");
        assertThat(document.deleted()).isFalse();
        assertThat(document.text()).isEmpty();
    }

    @Test
    void readsNoValueAsADeletion() {
        Document document = document("note", null);
        assertThat(document.deleted()).isTrue();
        assertThat(document.id()).isEqualTo("note");
        assertThat(document.version()).isEqualTo(TIMESTAMP);
    }

    @Test
    void tellsMarkdownByTheNameOfIdOrUri() {
        assertThat(document("a/Page.MD", "x").mediaType()).isEqualTo("text/markdown");
        assertThat(document("a", "{\"text\":\"x\",\"uri\":\"p.markdown\"}").mediaType())
                .isEqualTo("text/markdown");
    }

    @Test
    void letsAHeaderDecideTheFormat() {
        Document text = document("k", "{\"text\": 1}", "content-type", "text/html; charset=utf-8");
        assertThat(text.text()).isEqualTo("{\"text\": 1}");
        assertThat(text.mediaType()).isEqualTo("text/html");
        assertThat(rejected("k", "words", "Content-Type", "application/json").reason())
                .contains("not an object");
        assertThat(document("k", "{\"text\":\"t\"}", "content-type", "\u0000nonsense")
                        .text())
                .isEqualTo("t");
    }

    @Test
    void readsBehindAByteOrderMark() {
        assertThat(document("k", "\uFEFF {\"text\":\"t\"}").text()).isEqualTo("t");
        assertThat(document("k", "\uFEFFwords").text()).isEqualTo("words");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"text\":5} | \"text\": it must be a string, and is a number",
                "{\"text\":\"t\",\"id\":{}} | \"id\": it must be a string, and is an object",
                "{\"text\":\"t\",\"version\":\"7\"} | \"version\": it must be a whole number, and is a string",
                "{\"text\":\"t\",\"version\":7.0} | a number with a fraction or an exponent",
                "{\"text\":\"t\",\"version\":9223372036854775808} | between -2^63 and 2^63 - 1",
                "{\"text\":\"t\",\"metadata\":[1]} | \"metadata\": it must be an object, and is an array",
                "{\"text\":\"t\",\"metadata\":{\"n\":1e999}} | too great for the warehouse",
                "{\"text\":\"t\",\"metadata\":{\"n\":123456789012345678901234567890123456789}} | too great",
                "{\"text\":\"t\",\"uri\":false} | \"uri\": it must be a string, and is a boolean",
                "{\"text\":\"t\",\"media_type\":[]} | \"media_type\": it must be a string, and is an array",
                "{\"text\":\"t\",\"text\":\"u\"} | Duplicate field 'text'",
                "{\"text\":\"t\",\"metadata\":{\"a\":1,\"a\":2}} | Duplicate field 'a'",
                "{\"text\":\"t\"} x | Cannot read the value as JSON",
                "{\"text\":\"t\"}{} | something follows the object",
                "{\"text\":\"t\" | Unexpected end-of-input",
                "{text:1} | Unexpected character",
                "{\"text\":\"t\",\"metadata\":{\"n\":NaN}} | Non-standard token 'NaN'",
                "{} | no field \"text\"",
                "{\"text\":null} | no field \"text\"",
                "{\"text\":\"a\\ud800b\"} | half a surrogate pair (\\ud800)",
                "{\"text\":\"\\udc00\"} | half a surrogate pair",
                "{\"text\":\"t\",\"id\":\"\\ud83d\"} | \"id\": it is not Unicode",
                "{\"text\":\"t\",\"metadata\":{\"\\udfff\":1}} | \"metadata\": it is not Unicode",
                "{\"text\":\"t\",\"id\":\"\"} | it has 0 characters",
            })
    void rejectsJsonThatIsNotADocumentAndSaysWhy(String value, String reason) {
        RejectedRow row = rejected("key", value);
        assertThat(row.reason()).contains(reason);
        assertThat(row.stage()).isEqualTo("source");
        assertThat(row.documentId()).isEqualTo("key");
        assertThat(row.payload()).isEqualTo(value.getBytes(UTF_8));
        assertThat(row.payloadBytes()).isEqualTo(value.length());
        assertThat(row.source()).isEqualTo("{\"topic\":\"docs\",\"partition\":3,\"offset\":41,\"key\":\"key\"}");
    }

    @Test
    void acceptsSurrogatePairs() {
        assertThat(document("k", "{\"text\":\"\\ud83c\\udf0a\"}").text()).isEqualTo("🌊");
    }

    @Test
    void rejectsNestingWithoutEnd() {
        String deep = "{\"text\":\"t\",\"metadata\":" + "{\"a\":".repeat(150) + "1" + "}".repeat(151);
        assertThat(rejected("k", deep).reason()).contains("nesting depth");
        String skipped = "{\"text\":\"t\",\"x\":" + "[".repeat(400) + "]".repeat(400) + "}";
        assertThat(rejected("k", skipped).reason()).contains("nesting depth");
    }

    @ParameterizedTest
    @ValueSource(strings = {"id", "text"})
    void rejectsARecordThatHasNoIdAnywhere(String field) {
        String value = field.equals("id") ? "{\"text\":\"t\"}" : "plain";
        assertThat(rejected(null, value).reason()).contains("Cannot tell the document's id");
        assertThat(rejected(null, null).reason()).contains("Cannot tell the document's id");
        assertThat(rejected(null, value).source()).doesNotContain("key");
    }

    @Test
    void rejectsBytesThatAreNotUtf8() {
        byte[] value = bytes('o', 'k', 0xff, 'x');
        RejectedRow row = rejected(read("k".getBytes(UTF_8), value));
        assertThat(row.reason()).isEqualTo("Cannot read the value as UTF-8: byte 2 begins no character.");
        assertThat(row.payload()).isEqualTo(value);
        // Surrogates spelled as bytes, an overlong slash, a cut-off character.
        assertThat(rejected(read("k".getBytes(UTF_8), bytes(0xed, 0xa0, 0x80))).reason())
                .contains("UTF-8");
        assertThat(rejected(read("k".getBytes(UTF_8), bytes(0xc0, 0xaf))).reason())
                .contains("UTF-8");
        assertThat(rejected(read("k".getBytes(UTF_8), bytes('a', 0xe2, 0x82))).reason())
                .contains("UTF-8");
    }

    @Test
    void needsAReadableKeyOnlyWhereItIsTheId() {
        byte[] key = bytes(0xfe, 0x00);
        assertThat(rejected(read(key, "words".getBytes(UTF_8))).reason()).contains("Cannot read the key as UTF-8");
        assertThat(rejected(read(key, null)).documentId()).isNull();
        assertThat(assertThat(read(key, "{\"id\":\"own\",\"text\":\"t\"}".getBytes(UTF_8))
                                .document())
                        .isNotNull()
                        .actual()
                        .id())
                .isEqualTo("own");
    }

    @Test
    void rejectsIdsOfMoreThan1024Characters() {
        assertThat(document("🌊".repeat(1024), "words").id()).hasSize(2048);
        assertThat(rejected("x".repeat(1025), "words").reason()).contains("1025 characters");
    }

    @Test
    void rejectsValuesOverTheLimitAndKeepsTheirBeginning() {
        RejectedRow row = rejected("k", "x".repeat(MAX_BYTES + 1));
        assertThat(row.reason()).contains("1001 bytes").contains("source.max-document-size");
        byte[] huge = new byte[RejectedRow.MAX_PAYLOAD_BYTES + 5];
        Arrays.fill(huge, (byte) 'y');
        RejectedRow cut = rejected(read("k".getBytes(UTF_8), huge));
        assertThat(cut.payload()).hasSize(RejectedRow.MAX_PAYLOAD_BYTES);
        assertThat(cut.payloadBytes()).isEqualTo(RejectedRow.MAX_PAYLOAD_BYTES + 5L);
    }

    @Test
    void escapesOddKeysInTheCoordinates() {
        assertThat(rejected("a\"b\n\u0000", "{").source())
                .isEqualTo("{\"topic\":\"docs\",\"partition\":3,\"offset\":41,\"key\":\"a\\\"b\\n\\u0000\"}");
    }

    @Test
    void turnsAnyBytesIntoExactlyOneValueWithoutAnException() {
        Random random = new Random(5);
        byte[] alphabet = "{}[]\":,\\u d8\u00e9tex1.e-\uFEFF\u0000".getBytes(UTF_8);
        for (int i = 0; i < 20_000; i++) {
            byte[] value = new byte[random.nextInt(40)];
            for (int j = 0; j < value.length; j++) {
                value[j] =
                        random.nextInt(8) == 0 ? (byte) random.nextInt(256) : alphabet[random.nextInt(alphabet.length)];
            }
            byte[] start = "{\"text\":".getBytes(UTF_8);
            if (random.nextBoolean() && value.length >= start.length) {
                System.arraycopy(start, 0, value, 0, start.length);
            }
            SourceOutput output = read("k".getBytes(UTF_8), value);
            assertThat(output.document() == null).isNotEqualTo(output.rejected() == null);
        }
    }
}
