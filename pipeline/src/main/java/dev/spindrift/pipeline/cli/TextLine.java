package dev.spindrift.pipeline.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.IntNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import org.jspecify.annotations.Nullable;

/**
 * A text of a stream of lines: the line itself, or the {@code text} of the JSON object in it.
 *
 * @param number the line's number in the stream, from 1
 * @param id the object's {@code id}, else the line's number
 */
record TextLine(int number, JsonNode id, String text) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Named in errors. */
    @Override
    public String toString() {
        return "line " + number;
    }

    /** Reads texts from lines, and passes over blank ones. */
    static final class Reader {
        private final BufferedReader lines;
        private @Nullable Boolean json;
        private int number;

        /**
         * @param plain false if the lines are JSON objects where the first one begins with a brace
         */
        Reader(BufferedReader lines, boolean plain) {
            this.lines = lines;
            this.json = plain ? Boolean.FALSE : null;
        }

        /** The next text, null at the end. */
        @Nullable
        TextLine next() throws IOException {
            try {
                for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                    number++;
                    if (!line.isBlank()) {
                        json = json == null ? line.stripLeading().startsWith("{") : json;
                        return json ? parse(line) : new TextLine(number, IntNode.valueOf(number), line);
                    }
                }
                return null;
            } catch (CharacterCodingException e) {
                throw new CommandFailedException(
                        "Cannot read the texts after line " + number + ": they are not UTF-8. Convert them, for"
                                + " example with iconv -t utf-8.",
                        e);
            }
        }

        private TextLine parse(String line) {
            JsonNode node;
            try {
                node = JSON.readTree(line);
            } catch (JsonProcessingException e) {
                throw unreadable("it is not JSON (" + e.getOriginalMessage() + ")");
            }
            JsonNode id = node.path("id");
            if (!node.path("text").isTextual() || !(id.isTextual() || id.isNumber() || id.isMissingNode())) {
                throw unreadable("its \"text\" is not a text, or its \"id\" is neither a text nor a number");
            }
            return new TextLine(
                    number,
                    id.isMissingNode() ? IntNode.valueOf(number) : id,
                    node.path("text").asText());
        }

        private CommandFailedException unreadable(String why) {
            return new CommandFailedException("Cannot read line " + number + ": " + why
                    + ". The first line began with a brace, so that all are read as {\"id\": ..., \"text\": ...};"
                    + " give --plain if each line is itself a text.");
        }
    }
}
