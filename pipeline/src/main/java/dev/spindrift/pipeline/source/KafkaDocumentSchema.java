package dev.spindrift.pipeline.source;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import dev.spindrift.pipeline.data.Document;
import dev.spindrift.pipeline.data.RejectedRow;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.connector.kafka.source.reader.deserializer.KafkaRecordDeserializationSchema;
import org.apache.flink.util.Collector;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/**
 * Kafka records as documents. Every record becomes exactly one value, a document or a rejection, and none an
 * exception: a record that cannot be read would otherwise stop the job for good.
 *
 * <ul>
 *   <li>No value: the document whose id is the key is deleted.
 *   <li>A value whose first character (behind a byte order mark and white space) is <code>{</code>: JSON, see {@link
 *       DocumentJson}. Its id is its own, else the key.
 *   <li>Any other value: the text itself, with the key as id.
 *   <li>A header {@code content-type} or {@code media_type} decides otherwise: {@code application/json} is JSON, and
 *       {@code text/...} is text of that media type whatever it begins with. Other headers, and other values of these,
 *       mean nothing here.
 * </ul>
 *
 * <p>A media type that nothing names is {@code text/markdown} if the id or the URI ends with {@code .md} or {@code
 * .markdown}, else {@code text/plain}. Keys only have to be UTF-8 where the id is taken from them.
 */
final class KafkaDocumentSchema implements KafkaRecordDeserializationSchema<SourceOutput> {
    private static final long serialVersionUID = 1L;
    private static final int MAX_ID_CHARACTERS = 1024;
    private static final String STAGE = "source";

    private final int maxDocumentBytes;

    KafkaDocumentSchema(int maxDocumentBytes) {
        this.maxDocumentBytes = maxDocumentBytes;
    }

    @Override
    public void deserialize(ConsumerRecord<byte[], byte[]> kafkaRecord, Collector<SourceOutput> out) {
        out.collect(read(kafkaRecord));
    }

    SourceOutput read(ConsumerRecord<byte[], byte[]> kafkaRecord) {
        byte @Nullable [] key = kafkaRecord.key();
        byte @Nullable [] value = kafkaRecord.value();
        try {
            return SourceOutput.of(document(kafkaRecord, key, value));
        } catch (UnreadableRecordException e) {
            return SourceOutput.of(rejection(kafkaRecord, key, value, e.reason()));
        } catch (RuntimeException e) {
            return SourceOutput.of(rejection(kafkaRecord, key, value, "Cannot read the record: " + e));
        }
    }

    private Document document(ConsumerRecord<?, ?> at, byte @Nullable [] key, byte @Nullable [] value)
            throws UnreadableRecordException {
        if (value == null) {
            return deletion(at, checkedId(idFromKey(key, "a record without a value deletes the document of its key")));
        }
        if (value.length > maxDocumentBytes) {
            throw new UnreadableRecordException("Cannot take the record: its value has " + value.length
                    + " bytes, and source.max-document-size is " + maxDocumentBytes + ".");
        }
        String text = withoutByteOrderMark(decode(value, "value"));
        String header = headerMediaType(at);
        boolean json = header == null ? firstCharacter(text) == '{' : header.equals("application/json");
        return json
                ? fromJson(at, key, text)
                : live(
                        at,
                        checkedId(idFromKey(key, "a plain text takes its id from the key")),
                        new DocumentJson(null, text, null, header, null, null));
    }

    private static Document fromJson(ConsumerRecord<?, ?> at, byte @Nullable [] key, String text)
            throws UnreadableRecordException {
        if (firstCharacter(text) != '{') {
            throw new UnreadableRecordException(
                    "Cannot read the value as JSON: it is not an object, though a header calls it application/json.");
        }
        DocumentJson json = DocumentJson.parse(text);
        String id = json.id() != null ? json.id() : idFromKey(key, "the JSON has no field \"id\"");
        return live(at, checkedId(id), json);
    }

    private static Document live(ConsumerRecord<?, ?> at, String id, DocumentJson json)
            throws UnreadableRecordException {
        if (json.text() == null) {
            throw new UnreadableRecordException("Cannot use the JSON: it has no field \"text\".");
        }
        Long version = json.version();
        return new Document(
                id,
                version != null ? version : at.timestamp(),
                version != null,
                at.offset(),
                false,
                json.text(),
                mediaType(json.mediaType(), id, json.uri()),
                json.uri(),
                json.metadata(),
                coordinates(at, null));
    }

    private static Document deletion(ConsumerRecord<?, ?> at, String id) {
        return new Document(
                id, at.timestamp(), false, at.offset(), true, "", "text/plain", null, null, coordinates(at, null));
    }

    private static RejectedRow rejection(
            ConsumerRecord<?, ?> at, byte @Nullable [] key, byte @Nullable [] value, String reason) {
        String id = readableKey(key);
        return new RejectedRow(
                id,
                null,
                null,
                null,
                STAGE,
                reason,
                value == null || value.length <= RejectedRow.MAX_PAYLOAD_BYTES
                        ? value
                        : Arrays.copyOf(value, RejectedRow.MAX_PAYLOAD_BYTES),
                value == null ? 0 : value.length,
                coordinates(at, id));
    }

    private static String idFromKey(byte @Nullable [] key, String why) throws UnreadableRecordException {
        if (key == null) {
            throw new UnreadableRecordException("Cannot tell the document's id: " + why + ", and there is none.");
        }
        return decode(key, "key");
    }

    private static String checkedId(String id) throws UnreadableRecordException {
        int characters = id.codePointCount(0, id.length());
        if (characters == 0 || characters > MAX_ID_CHARACTERS) {
            throw new UnreadableRecordException("Cannot use the document's id: it has " + characters
                    + " characters, and must have 1 to " + MAX_ID_CHARACTERS + ".");
        }
        return id;
    }

    private static String decode(byte[] bytes, String what) throws UnreadableRecordException {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)
                    .decode(in)
                    .toString();
        } catch (CharacterCodingException e) {
            throw new UnreadableRecordException(
                    "Cannot read the " + what + " as UTF-8: byte " + in.position() + " begins no character.");
        }
    }

    /** The key where it is fit to be shown and to name a document. */
    private static @Nullable String readableKey(byte @Nullable [] key) {
        if (key == null) {
            return null;
        }
        try {
            return checkedId(decode(key, "key"));
        } catch (UnreadableRecordException e) {
            return null;
        }
    }

    private static String withoutByteOrderMark(String text) {
        return text.startsWith("\uFEFF") ? text.substring(1) : text;
    }

    private static char firstCharacter(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c != ' ' && c != '\t' && c != '\r' && c != '\n') {
                return c;
            }
        }
        return ' ';
    }

    private static @Nullable String headerMediaType(ConsumerRecord<?, ?> at) {
        for (Header header : at.headers()) {
            if ((header.key().equalsIgnoreCase("content-type") || header.key().equalsIgnoreCase("media_type"))
                    && header.value() != null) {
                String type = new String(header.value(), StandardCharsets.UTF_8)
                        .replaceFirst(";.*", "")
                        .strip()
                        .toLowerCase(Locale.ROOT);
                if (type.equals("application/json") || type.matches("text/[a-z0-9.+-]{1,64}")) {
                    return type;
                }
            }
        }
        return null;
    }

    private static String mediaType(@Nullable String given, String id, @Nullable String uri) {
        if (given != null && !given.isBlank()) {
            return given;
        }
        return isMarkdown(id) || (uri != null && isMarkdown(uri)) ? "text/markdown" : "text/plain";
    }

    private static boolean isMarkdown(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return lower.endsWith(".md") || lower.endsWith(".markdown");
    }

    private static String coordinates(ConsumerRecord<?, ?> at, @Nullable String key) {
        JsonStringEncoder json = JsonStringEncoder.getInstance();
        return "{\"topic\":\"" + String.valueOf(json.quoteAsString(at.topic())) + "\",\"partition\":" + at.partition()
                + ",\"offset\":" + at.offset()
                + (key == null ? "" : ",\"key\":\"" + String.valueOf(json.quoteAsString(key)) + "\"") + "}";
    }

    @Override
    public TypeInformation<SourceOutput> getProducedType() {
        return TypeInformation.of(SourceOutput.class);
    }
}
