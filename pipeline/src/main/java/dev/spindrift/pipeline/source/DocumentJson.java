package dev.spindrift.pipeline.source;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/**
 * A document as a JSON object: {@code {"id", "text", "version"?, "media_type"?, "uri"?, "metadata"?}}.
 *
 * <p>Strict where a guess could change a document: a field of another type, a field given twice, a number that no
 * warehouse can hold, text that is not Unicode or anything behind the object makes it unreadable. Fields it does not
 * know are skipped, so that producers may send more than is used here; an optional field that is {@code null} counts
 * as left out.
 *
 * @param metadata the object as compact JSON text, its numbers digit for digit as they came
 */
record DocumentJson(
        @Nullable String id,
        @Nullable String text,
        @Nullable Long version,
        @Nullable String mediaType,
        @Nullable String uri,
        @Nullable String metadata) {
    private static final int MAX_DEPTH = 64;
    private static final int MAX_NUMBER_LENGTH = 1000;
    /** Digits of Snowflake's NUMBER. */
    private static final int MAX_DIGITS = 38;

    // Names are not pooled: a producer with ever new field names would fill the pool.
    private static final JsonFactory FACTORY = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(MAX_DEPTH)
                    .maxNumberLength(MAX_NUMBER_LENGTH)
                    .maxStringLength(Integer.MAX_VALUE) // the record's size is checked before
                    .build())
            .build();

    /** Reads {@code value}, the whole of it. */
    static DocumentJson parse(String value) throws UnreadableRecordException {
        try (JsonParser parser = FACTORY.createParser(value)) {
            parser.nextToken();
            DocumentJson document = object(parser);
            if (parser.nextToken() != null) {
                throw new UnreadableRecordException(
                        "Cannot read the value as JSON: something follows the object at " + place(parser) + ".");
            }
            return document;
        } catch (JsonProcessingException e) {
            String where = e.getLocation() == null
                    ? ""
                    : " (line " + e.getLocation().getLineNr() + ", column "
                            + e.getLocation().getColumnNr() + ")";
            throw new UnreadableRecordException("Cannot read the value as JSON: " + e.getOriginalMessage() + where
                    + ". If it is plain text, send the header content-type: text/plain.");
        } catch (IOException e) {
            throw new UncheckedIOException(e); // reading from memory
        }
    }

    private static DocumentJson object(JsonParser parser) throws IOException, UnreadableRecordException {
        String id = null;
        String text = null;
        Long version = null;
        String mediaType = null;
        String uri = null;
        String metadata = null;
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String field = parser.currentName();
            JsonToken token = parser.nextToken();
            switch (field) {
                case "id" -> id = string(parser, field, token);
                case "text" -> text = string(parser, field, token);
                case "version" -> version = integer(parser, field, token);
                case "media_type" -> mediaType = string(parser, field, token);
                case "uri" -> uri = string(parser, field, token);
                case "metadata" -> metadata = json(parser, field, token);
                default -> parser.skipChildren();
            }
        }
        return new DocumentJson(id, text, version, mediaType, uri, metadata);
    }

    private static @Nullable String string(JsonParser parser, String field, JsonToken token)
            throws IOException, UnreadableRecordException {
        return switch (token) {
            case VALUE_NULL -> null;
            case VALUE_STRING -> unicode(parser.getText(), field);
            default -> throw wrongType(field, "a string", token);
        };
    }

    private static @Nullable Long integer(JsonParser parser, String field, JsonToken token)
            throws IOException, UnreadableRecordException {
        if (token == JsonToken.VALUE_NULL) {
            return null;
        }
        if (token != JsonToken.VALUE_NUMBER_INT) {
            throw wrongType(field, "a whole number", token);
        }
        try {
            return Long.parseLong(parser.getText());
        } catch (NumberFormatException e) {
            throw new UnreadableRecordException(
                    "Cannot use field \"" + field + "\": it must lie between -2^63 and 2^63 - 1.");
        }
    }

    private static @Nullable String json(JsonParser parser, String field, JsonToken token)
            throws IOException, UnreadableRecordException {
        if (token == JsonToken.VALUE_NULL) {
            return null;
        }
        if (token != JsonToken.START_OBJECT) {
            throw wrongType(field, "an object", token);
        }
        StringWriter copy = new StringWriter();
        try (JsonGenerator generator = FACTORY.createGenerator(copy)) {
            int depth = 0;
            for (JsonToken each = token; ; each = parser.nextToken()) {
                copyToken(parser, each, generator, field);
                depth += each.isStructStart() ? 1 : each.isStructEnd() ? -1 : 0;
                if (depth == 0) {
                    break;
                }
            }
        }
        return copy.toString();
    }

    private static void copyToken(JsonParser parser, JsonToken token, JsonGenerator generator, String field)
            throws IOException, UnreadableRecordException {
        switch (token) {
            case START_OBJECT -> generator.writeStartObject();
            case END_OBJECT -> generator.writeEndObject();
            case START_ARRAY -> generator.writeStartArray();
            case END_ARRAY -> generator.writeEndArray();
            case FIELD_NAME -> generator.writeFieldName(unicode(parser.currentName(), field));
            case VALUE_STRING -> generator.writeString(unicode(parser.getText(), field));
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> generator.writeNumber(number(parser.getText(), field));
            case VALUE_TRUE -> generator.writeBoolean(true);
            case VALUE_FALSE -> generator.writeBoolean(false);
            case VALUE_NULL -> generator.writeNull();
            default -> throw new IllegalStateException("Cannot copy JSON: token " + token + " was not expected.");
        }
    }

    private static String number(String digits, String field) throws UnreadableRecordException {
        boolean whole = digits.chars().allMatch(c -> c == '-' || Character.isDigit(c));
        int length = digits.length() - (digits.startsWith("-") ? 1 : 0);
        if (whole ? length > MAX_DIGITS : Double.isInfinite(Double.parseDouble(digits))) {
            throw new UnreadableRecordException("Cannot use field \"" + field + "\": it holds a number of "
                    + digits.length() + " characters that is too great for the warehouse (" + MAX_DIGITS
                    + " digits, or 1e308).");
        }
        return digits;
    }

    /** A JSON string may escape half a surrogate pair, which no UTF-8 can carry on. */
    private static String unicode(String value, String field) throws UnreadableRecordException {
        int i = 0;
        while (i < value.length()) {
            int character = value.codePointAt(i);
            if (Character.getType(character) == Character.SURROGATE) {
                throw new UnreadableRecordException("Cannot use field \"" + field
                        + "\": it is not Unicode text, since character " + i + " is half a surrogate pair (\\u"
                        + Integer.toHexString(character) + ").");
            }
            i += Character.charCount(character);
        }
        return value;
    }

    private static UnreadableRecordException wrongType(String field, String wanted, JsonToken found) {
        String name = switch (found) {
            case VALUE_STRING -> "a string";
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> "a number";
            case VALUE_TRUE, VALUE_FALSE -> "a boolean";
            case START_OBJECT -> "an object";
            case START_ARRAY -> "an array";
            default -> "something else";
        };
        return new UnreadableRecordException("Cannot use field \"" + field + "\": it must be " + wanted
                + (name.equals(wanted)
                        ? ""
                        : ", and is "
                                + (wanted.equals("a whole number") && name.equals("a number")
                                        ? "a number with a fraction or an exponent"
                                        : name))
                + ".");
    }

    private static String place(JsonParser parser) {
        return "line " + parser.currentTokenLocation().getLineNr() + ", column "
                + parser.currentTokenLocation().getColumnNr();
    }
}
