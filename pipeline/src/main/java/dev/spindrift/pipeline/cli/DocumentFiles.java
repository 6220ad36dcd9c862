package dev.spindrift.pipeline.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * Documents out of files: a Markdown or text file is one document, named by its path; each line of a JSONL file is one
 * document as the topic's JSON format has it, sent as it stands.
 */
final class DocumentFiles {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** What becomes of the documents, and of what cannot be one. */
    interface Receiver {
        void document(String id, byte[] value);

        /** A file or line that cannot be a document. */
        void unreadable(String where, String why);

        /** A file of another kind. */
        void skipped(Path file);
    }

    private DocumentFiles() {}

    /** Reads a file, or all files below a folder in the order of their names. */
    static void read(Path path, Receiver receiver) throws IOException {
        if (Files.isDirectory(path)) {
            List<Path> files;
            try (Stream<Path> walk = Files.walk(path)) {
                files = walk.filter(Files::isRegularFile).sorted().toList();
            }
            Path above = path.toRealPath().getParent();
            for (Path file : files) {
                readFile(file, above == null ? file : above.relativize(file.toRealPath()), receiver);
            }
        } else if (Files.isRegularFile(path)) {
            Path name = path.getFileName();
            readFile(path, name == null ? path : name, receiver);
        } else {
            throw new CommandFailedException(
                    "Cannot publish " + path + ": there is no such file or folder. Check the path.");
        }
    }

    private static void readFile(Path file, Path name, Receiver receiver) throws IOException {
        String lower = name.toString().toLowerCase(Locale.ROOT);
        if (lower.endsWith(".md") || lower.endsWith(".markdown")) {
            readText(file, name, "text/markdown", receiver);
        } else if (lower.endsWith(".txt") || lower.endsWith(".text")) {
            readText(file, name, "text/plain", receiver);
        } else if (lower.endsWith(".jsonl") || lower.endsWith(".ndjson")) {
            readLines(file, receiver);
        } else {
            receiver.skipped(file);
        }
    }

    private static void readText(Path file, Path name, String mediaType, Receiver receiver) throws IOException {
        String text;
        try {
            text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(Files.readAllBytes(file)))
                    .toString();
        } catch (CharacterCodingException e) {
            receiver.unreadable(file.toString(), "it is not UTF-8. Convert it, for example with iconv -t utf-8");
            return;
        }
        String id = name.toString().replace('\\', '/');
        ObjectNode document = JSON.createObjectNode();
        document.put("id", id);
        document.put("text", text);
        document.put("media_type", mediaType);
        document.put("uri", id);
        ObjectNode metadata = document.putObject("metadata");
        Path folder = name.getParent();
        metadata.put("folder", folder == null ? "" : folder.toString().replace('\\', '/'));
        receiver.document(id, JSON.writeValueAsBytes(document));
    }

    private static void readLines(Path file, Receiver receiver) throws IOException {
        try (BufferedReader lines = Files.newBufferedReader(file)) {
            int number = 0;
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                number++;
                if (!line.isBlank()) {
                    readLine(file + ":" + number, line, receiver);
                }
            }
        } catch (CharacterCodingException e) {
            receiver.unreadable(file.toString(), "it is not UTF-8; the lines before that were published");
        }
    }

    private static void readLine(String where, String line, Receiver receiver) {
        try {
            JsonNode id = JSON.readTree(line).path("id");
            if (id.isTextual() && !id.asText().isEmpty()) {
                receiver.document(id.asText(), line.getBytes(StandardCharsets.UTF_8));
            } else {
                receiver.unreadable(where, "it has no \"id\" of type string");
            }
        } catch (JsonProcessingException e) {
            receiver.unreadable(where, "it is not JSON (" + e.getOriginalMessage() + ")");
        }
    }
}
