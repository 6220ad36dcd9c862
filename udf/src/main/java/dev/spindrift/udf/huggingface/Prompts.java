package dev.spindrift.udf.huggingface;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a model expects before a text; empty where it expects nothing.
 *
 * <p>Most models say it in config_sentence_transformers.json. Some well-known families were trained with prompts that
 * stand only in their descriptions: those are known by name, since such a model without them gives worse vectors and no
 * error.
 *
 * @param document before a text that will be found
 * @param query before a text to find others by
 */
record Prompts(String document, String query) {
    private static final String FILE = "config_sentence_transformers.json";

    private static final String PASSAGES = "Represent this sentence for searching relevant passages: ";

    /** A family by the names of its models, and its prompts. */
    private record Family(Pattern name, Prompts prompts) {
        Family(String name, String document, String query) {
            this(Pattern.compile("(?<![a-z0-9])(" + name + ")(?![a-z0-9])"), new Prompts(document, query));
        }
    }

    /** The first that fits counts. */
    private static final List<Family> FAMILIES = List.of(
            new Family(
                    "e5-(small|base|large|mistral-7b)-instruct",
                    "",
                    "Instruct: Given a web search query, retrieve relevant passages that answer the query\nQuery: "),
            new Family("e5-(small|base|large)", "passage: ", "query: "),
            new Family("bge-(small|base|large)-en", "", PASSAGES),
            new Family("bge-(small|base|large)-zh", "", "为这个句子生成表示以用于检索相关文章："),
            new Family("arctic-embed-[ml]-v2", "", "query: "),
            new Family("arctic-embed-(xs|s|m|l)|mxbai-embed-large|uae-large", "", PASSAGES),
            new Family("nomic-embed-text", "search_document: ", "search_query: "));

    /**
     * The prompts of the model in {@code directory}.
     *
     * @param id what else the model is called, such as its id on a hub; may be empty
     */
    static Prompts read(Path directory, String id) {
        Path file = directory.resolve(FILE);
        Prompts written = Files.exists(file) ? written(Settings.read(file)) : new Prompts("", "");
        return written.document.isEmpty() && written.query.isEmpty() ? ofFamily(directory, id) : written;
    }

    private static Prompts written(Settings config) {
        if (!config.has("prompts")) {
            return new Prompts("", "");
        }
        Settings prompts = config.object("prompts");
        String defaultName = config.string("default_prompt_name", "");
        if (!defaultName.isEmpty() && !prompts.has(defaultName)) {
            throw config.refused(
                    "\"default_prompt_name\" is " + SafetensorsHeader.quoted(defaultName)
                            + ", which \"prompts\" does not have",
                    UnreadableFile.DOWNLOAD_AGAIN);
        }
        String otherwise = prompts.string(defaultName, "");
        return new Prompts(
                first(prompts, otherwise, "document", "passage", "corpus"), first(prompts, otherwise, "query"));
    }

    /** The first of these prompts that says anything, else the empty one if it is there, else {@code otherwise}. */
    private static String first(Settings prompts, String otherwise, String... names) {
        @Nullable String found = null;
        for (String name : names) {
            if (prompts.has(name) && (found == null || found.isEmpty())) {
                found = prompts.string(name);
            }
        }
        return found == null ? otherwise : found;
    }

    private static Prompts ofFamily(Path directory, String id) {
        return names(directory, id)
                .map(name -> name.toLowerCase(Locale.ROOT))
                .flatMap(name -> FAMILIES.stream()
                        .filter(family -> family.name.matcher(name).find()))
                .findFirst()
                .map(Family::prompts)
                .orElse(new Prompts("", ""));
    }

    /** What the model may be called: the id, the folder, and the model that it was made from. */
    private static Stream<String> names(Path directory, String id) {
        List<String> names = new ArrayList<>();
        names.add(id.substring(id.lastIndexOf('/') + 1));
        Path folder = directory.toAbsolutePath().normalize();
        // Caches of hubs name the folder by a commit, below one (or two: "snapshots") with the model's name.
        for (int up = 0; up < 3 && folder != null && folder.getFileName() != null; up++, folder = folder.getParent()) {
            String name = folder.getFileName().toString();
            names.add(name);
            if (!name.matches("[0-9a-f]{40}|snapshots")) {
                break;
            }
        }
        Path config = directory.resolve("config.json");
        if (Files.exists(config)) {
            names.add(Settings.read(config).string("_name_or_path", ""));
        }
        return names.stream();
    }
}
