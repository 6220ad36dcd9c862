package dev.spindrift.udf.huggingface;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * What a model directory says to do around its encoder, as sentence-transformers writes and reads it: modules.json, a
 * folder for each module, and the settings beside them.
 *
 * <p>Of a directory without modules.json the token vectors' mean is taken, or the last one if the model was made to
 * write text, and nothing is normalized: so sentence-transformers does.
 *
 * @param encoder the folder with the encoder's config.json, weights and tokenizer
 * @param pooling joined in this order
 * @param tokenDimension the dimension of the token vectors that pooling expects; 0 if it does not say
 * @param includePrompt whether a prompt's tokens take part in pooling
 * @param dense applied in this order after pooling
 * @param normalize whether the vector is then scaled to length 1
 * @param maxTokens the most tokens of a text, special ones included; 0 if it is not said
 * @param lowerCase whether texts are put into lower case first, whatever the tokenizer does
 * @param truncateDimension how many dimensions to keep; 0 for all
 */
record SentenceModules(
        Path encoder,
        List<Pooling> pooling,
        int tokenDimension,
        boolean includePrompt,
        List<Dense> dense,
        boolean normalize,
        Prompts prompts,
        int maxTokens,
        boolean lowerCase,
        int truncateDimension) {
    private static final String LIBRARY = "sentence_transformers.";
    private static final String VECTOR = "sentence_embedding";

    /** What the file with the encoder's settings is called: by the first architectures, in later versions always bert. */
    private static final List<String> ENCODERS =
            List.of("bert", "roberta", "distilbert", "camembert", "albert", "xlm-roberta", "xlnet");

    /** A plain name: modules.json must not lead out of its directory. */
    private static final Pattern FOLDER = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]*");

    /** Tokenizers without a limit say so by a number far above this. */
    private static final double NO_LIMIT = 1e9;

    /**
     * A module as modules.json has it.
     *
     * @param entry its entry there
     * @param type the last part of its class's name
     */
    private record Module(Settings entry, String type, Path folder) {

        IllegalArgumentException unknown(String why) {
            return entry.refused(
                    "the module " + SafetensorsHeader.quoted(entry.string("type")) + " " + why,
                    "Use a model of Transformer, Pooling, then Dense layers and Normalize if any");
        }
    }

    /**
     * Reads the settings in {@code directory}, and of dense layers all but the numbers.
     *
     * @param id what else the model is called, such as its id on a hub; may be empty
     * @throws IllegalArgumentException naming the file and the module or setting that is wrong or not known here
     */
    static SentenceModules read(Path directory, String id) {
        Settings library = Settings.readOrEmpty(directory.resolve("config_sentence_transformers.json"));
        String kind = library.string("model_type", "SentenceTransformer");
        if (!kind.equals("SentenceTransformer")) {
            throw library.refused(
                    "it is of a " + SafetensorsHeader.quoted(kind), "Use a model that gives one vector for a text");
        }
        Path list = directory.resolve("modules.json");
        List<Module> modules = Files.exists(list) ? modules(directory, list) : List.of();
        Path encoder = modules.isEmpty() ? directory : modules.get(0).folder();
        Settings settings = encoderSettings(encoder);
        Settings pooling = modules.isEmpty()
                ? Settings.none(list)
                : Settings.read(modules.get(1).folder().resolve("config.json"));
        List<Dense> dense = new ArrayList<>();
        boolean normalize = addFurther(modules.subList(Math.min(2, modules.size()), modules.size()), dense);
        return new SentenceModules(
                encoder,
                modules.isEmpty() ? poolingOfPlainModel(directory) : Pooling.read(pooling),
                pooling.integer("word_embedding_dimension", pooling.integer("embedding_dimension", 0)),
                pooling.flag("include_prompt", true),
                List.copyOf(dense),
                normalize,
                Prompts.read(directory, id),
                maxTokens(encoder, settings),
                settings.flag("do_lower_case", false),
                library.integer("truncate_dim", 0));
    }

    private static List<Module> modules(Path directory, Path list) {
        List<Module> modules = new ArrayList<>();
        for (Settings entry : Settings.readList(list)) {
            String type = entry.string("type");
            String path = entry.string("path", "");
            if (!path.isEmpty() && !FOLDER.matcher(path).matches()) {
                throw entry.refused(
                        "the module " + SafetensorsHeader.quoted(type) + " lies at " + SafetensorsHeader.quoted(path)
                                + ", not in a folder beside",
                        UnreadableFile.DOWNLOAD_AGAIN);
            }
            Path folder = path.isEmpty() ? directory : directory.resolve(path);
            Module module = new Module(entry, type.substring(type.lastIndexOf('.') + 1), folder);
            if (!type.startsWith(LIBRARY)) {
                throw module.unknown("is the model's own Python code, which is never run");
            }
            modules.add(module);
        }
        if (modules.size() < 2) {
            throw UnreadableFile.refused(
                    list, "it does not list Transformer and Pooling", UnreadableFile.DOWNLOAD_AGAIN);
        }
        expect("Transformer", modules.get(0));
        expect("Pooling", modules.get(1));
        return modules;
    }

    private static void expect(String type, Module module) {
        if (!module.type().equals(type)) {
            throw module.unknown("stands where " + type + " is expected");
        }
    }

    /** Adds the dense layers that follow pooling to {@code dense}, and tells whether normalization comes last. */
    private static boolean addFurther(List<Module> modules, List<Dense> dense) {
        boolean normalize = false;
        for (Module module : modules) {
            Settings config = Settings.readOrEmpty(module.folder().resolve("config.json"));
            for (String end : List.of("module_input_name", "module_output_name")) {
                if (!config.string(end, VECTOR).equals(VECTOR)) {
                    throw config.refused(
                            "\"" + end + "\" is not " + VECTOR, "Use a model that gives one vector for a text");
                }
            }
            switch (module.type()) {
                case "Dense" -> {
                    if (normalize) {
                        throw module.unknown("follows Normalize");
                    }
                    dense.add(Dense.read(module.folder()));
                }
                case "Normalize" -> normalize = true;
                case "Dropout" -> {
                    // It acts in training only.
                }
                default -> throw module.unknown("is not known here");
            }
        }
        return normalize;
    }

    private static List<Pooling> poolingOfPlainModel(Path directory) {
        Settings config = Settings.readOrEmpty(directory.resolve("config.json"));
        List<String> architectures = config.strings("architectures");
        boolean writes = !architectures.isEmpty() && architectures.get(0).endsWith("ForCausalLM");
        return List.of(writes && config.flag("is_causal", true) ? Pooling.LAST_TOKEN : Pooling.MEAN);
    }

    private static Settings encoderSettings(Path encoder) {
        for (String name : ENCODERS) {
            Path file = encoder.resolve("sentence_" + name + "_config.json");
            if (Files.exists(file)) {
                return Settings.read(file);
            }
        }
        return Settings.readOrEmpty(encoder.resolve("sentence_bert_config.json"));
    }

    private static int maxTokens(Path encoder, Settings settings) {
        Settings tokenizer = Settings.readOrEmpty(encoder.resolve("tokenizer_config.json"));
        Settings said = settings.has("max_seq_length") ? settings : tokenizer;
        String name = said == settings ? "max_seq_length" : "model_max_length";
        double most = said.decimal(name, NO_LIMIT);
        if (most < 1) {
            throw said.refused("\"" + name + "\" is " + most, "Set it to the most tokens that the model reads");
        }
        return most < NO_LIMIT ? (int) most : 0;
    }
}
