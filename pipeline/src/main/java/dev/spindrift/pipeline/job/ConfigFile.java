package dev.spindrift.pipeline.job;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Options as they were given, by dotted key: those of one YAML file, whose keys may be nested, dotted or both, and
 * over them those of the command line. Values are texts or lists of texts.
 */
final class ConfigFile {
    private static final JsonMapper YAML = JsonMapper.builder(YAMLFactory.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .build())
            .build();

    private final Map<String, Object> values = new TreeMap<>();
    private final List<String> mistakes = new ArrayList<>();

    /**
     * What a file says, and over it what the command line says.
     *
     * @param overrides each {@code key=value}
     */
    static ConfigFile of(@Nullable Path file, List<String> overrides) {
        ConfigFile given = new ConfigFile();
        if (file != null) {
            given.read(file);
        }
        overrides.forEach(given::override);
        return given;
    }

    private void read(Path file) {
        try {
            JsonNode root = YAML.readTree(Files.readString(file));
            if (root.isObject()) {
                flatten("", root);
            } else if (!root.isMissingNode() && !root.isNull()) {
                mistakes.add("Cannot read " + file + ": it is not a mapping of keys to values. Write key: value.");
            }
        } catch (JsonProcessingException e) {
            mistakes.add("Cannot read " + file + ": it is not YAML: "
                    + e.getOriginalMessage().lines().findFirst().orElse("") + " (line "
                    + e.getLocation().getLineNr() + ").");
        } catch (IOException e) {
            mistakes.add("Cannot read " + file + ": " + e + ". Give a readable file with --config.");
        }
    }

    private void override(String assignment) {
        int equals = assignment.indexOf('=');
        if (equals < 1) {
            mistakes.add("Cannot use --set: an option has no key or no value. Write --set key=value.");
            return;
        }
        values.put(assignment.substring(0, equals).strip(), assignment.substring(equals + 1));
    }

    private void flatten(String prefix, JsonNode node) {
        node.properties().forEach(entry -> {
            String key = prefix + entry.getKey();
            JsonNode value = entry.getValue();
            if (value.isObject()) {
                flatten(key + ".", value);
            } else if (value.isNull()) {
                mistakes.add("Cannot use " + key + ": it has no value. Give one, or leave the key out.");
            } else if (values.put(key, value.isArray() ? texts(key, value) : value.asText()) != null) {
                mistakes.add("Cannot use " + key + ": the file gives it twice. Keep one.");
            }
        });
    }

    private List<String> texts(String key, JsonNode array) {
        List<String> texts = new ArrayList<>();
        for (JsonNode element : array) {
            if (!element.isValueNode() || element.isNull()) {
                mistakes.add("Cannot use " + key + ": its list holds more than texts. Give a list of texts.");
            }
            texts.add(element.asText());
        }
        return texts;
    }

    Map<String, Object> values() {
        return values;
    }

    List<String> mistakes() {
        return mistakes;
    }
}
