package dev.spindrift.udf.huggingface;

import dev.spindrift.udf.Fingerprint;
import dev.spindrift.udf.token.ModelInput;
import dev.spindrift.udf.torch.ArchiveCache;
import dev.spindrift.udf.torch.ScriptTensor.Kind;
import dev.spindrift.udf.torch.TorchScriptArchive;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A model as sentence-transformers writes it to a directory: read and checked, with its tokenizer in memory. The
 * weights stay on disk until they are written as a TorchScript module.
 */
public final class ModelDirectory {
    /** Raised by every change that alters a vector. */
    private static final String VERSION = "1";

    private static final String CONFIG = "config.json";
    private static final String TOKENIZER = "tokenizer.json";

    /** A module that the user brings, in place of weights. */
    private static final String SCRIPT = "model.pt";

    /** Texts of several scripts; their tokens have to be in the vocabulary of the weights. */
    private static final String PROBE = "The quick brown fox: naïve, 1234567.89; Привет, 漢字かな交じり文 👩‍👩‍👧 \uFFFD";

    private final Path directory;
    private final SubwordTokenizer tokenizer;
    private final SentenceModules modules;
    private final @Nullable Path script;
    private final int hidden;
    private final int vocabulary;
    private final int maxIds;
    private final int dimension;
    private final String fingerprint;

    /**
     * Reads a directory.
     *
     * @param name by which the model is known; decides prompts that models of some families need and do not bring
     * @throws IllegalArgumentException if a file is missing or broken, or the model is none that is known here
     */
    public ModelDirectory(Path directory, String name) {
        this.directory = directory;
        this.modules = SentenceModules.read(directory, name);
        Path tokenizerFile = required(
                TOKENIZER,
                "Write it with AutoTokenizer.from_pretrained(...).save_pretrained(...), which makes a fast tokenizer");
        this.tokenizer = new SubwordTokenizer(
                tokenizerFile,
                bytes(tokenizerFile),
                modules.prompts().document(),
                modules.prompts().query(),
                modules.lowerCase());
        Path script = modules.encoder().resolve(SCRIPT);
        if (Files.isRegularFile(script)) {
            this.script = script;
            this.hidden = config().integer("hidden_size");
            this.vocabulary = config().integer("vocab_size");
            this.maxIds = maxIds(config().integer("max_position_embeddings"));
            this.fingerprint = fingerprint(digest(script));
        } else {
            this.script = null;
            try (Weights weights = Weights.open(modules.encoder())) {
                Encoder encoder = Architectures.read(config(), weights);
                this.hidden = encoder.hidden();
                this.vocabulary = encoder.vocabulary();
                this.maxIds = maxIds(encoder.maxPositions());
                this.fingerprint = fingerprint(weights.digest());
            }
        }
        this.dimension = dimensionOfAll();
        if (maxTokens() < 1) {
            throw new IllegalArgumentException("Cannot run this model: it reads " + maxIds
                    + " tokens, and its special tokens and prompt alone are " + tokenizer.documentOverhead() + ".");
        }
        for (int id : tokenizer.document(PROBE).ids()) {
            if (id < 0 || id >= vocabulary) {
                throw new IllegalArgumentException("Cannot run this model: " + tokenizerFile + " gives token " + id
                        + ", and the weights have " + vocabulary + ". The two do not belong together.");
            }
        }
    }

    /** Hash of everything that decides a vector, but for the arithmetic. */
    public String fingerprint() {
        return fingerprint;
    }

    public SubwordTokenizer tokenizer() {
        return tokenizer;
    }

    /** Numbers of a vector as the model's makers want it: of a whole one, unless they say to keep fewer. */
    public int usualDimension() {
        int kept = modules.truncateDimension();
        return kept > 0 && kept < dimension ? kept : dimension;
    }

    /** Numbers of a whole vector. */
    public int dimension() {
        return dimension;
    }

    /** Most tokens of a text that is to be found, special tokens and prompt not counted. */
    public int maxTokens() {
        return maxIds - tokenizer.documentOverhead();
    }

    /**
     * Refuses what this model cannot read. On a GPU an id out of range would take the whole process with it.
     *
     * @throws IllegalArgumentException if there are too many ids, none, or one that the weights do not know
     */
    public void check(ModelInput input) {
        int[] ids = input.ids();
        if (ids.length == 0 || ids.length > maxIds) {
            throw new IllegalArgumentException("Cannot embed a text of " + input.tokens() + " tokens, " + ids.length
                    + " with special tokens and prompt: the model reads 1 to " + maxIds
                    + ". Cut it into chunks first.");
        }
        for (int id : ids) {
            if (id < 0 || id >= vocabulary) {
                throw new IllegalArgumentException("Cannot embed a text with token " + id + ": the weights have "
                        + vocabulary + ". Give the model the tokenizer.json that it was trained with.");
            }
        }
    }

    /** How many ids at the beginning the pooling leaves out. */
    public int skipped(ModelInput input) {
        int prompt = input.ids().length - input.tokens() - tokenizer.specialTokens();
        boolean skips = !modules.includePrompt() && prompt > 0;
        return skips ? input.ids().length - input.tokens() - tokenizer.trailingSpecialTokens() : 0;
    }

    /**
     * The TorchScript module that the user brings, whose {@code forward} takes ids and mask, both
     * {@code [sequences, tokens]} of 64-bit integers, and gives the tokens' vectors, {@code [sequences, tokens, hidden]},
     * or the texts', {@code [sequences, hidden]}; null if the module is made from weights.
     */
    public @Nullable Path script() {
        return script;
    }

    /** Numbers of a token's vector. */
    public int hidden() {
        return hidden;
    }

    /** The archive of what makes one vector of the tokens' in {@code cache}, written now if it is not there. */
    public Path headArchive(ArchiveCache cache, int kept) {
        Head head = head(kept);
        String recipe = "head-" + Fingerprint.of(fingerprint, head.text(), "kept " + kept);
        return cache.get(recipe, new TorchScriptArchive(head.module(), Map.of("__torch__.py", head.text())));
    }

    /**
     * The archive of this model in {@code cache}, written now if it is not there.
     *
     * @param kind of the encoder's weights and activations
     * @param quantized whether it is to be run with eight-bit products
     * @param kept how many numbers of a vector are kept
     */
    public Path archive(ArchiveCache cache, Kind kind, boolean quantized, int kept) {
        try (Weights weights = Weights.open(modules.encoder())) {
            Encoder encoder = Architectures.read(config(), weights);
            EncoderArchive archive = new EncoderArchive(encoder, head(kept), kind, quantized);
            String recipe = "encoder-"
                    + Fingerprint.of(
                            fingerprint, archive.text(), kind.name(), "quantized " + quantized, "kept " + kept);
            return cache.get(recipe, archive.archive());
        }
    }

    private Head head(int kept) {
        return new Head(modules.pooling(), modules.dense(), modules.normalize(), kept);
    }

    private Settings config() {
        return Settings.read(required(CONFIG, "Give a directory as sentence-transformers or transformers writes it"));
    }

    private Path required(String file, String wayOut) {
        Path path = modules.encoder().resolve(file);
        if (!Files.isRegularFile(path)) {
            throw UnreadableFile.refused(modules.encoder(), "it has no " + file, wayOut);
        }
        return path;
    }

    private static byte[] bytes(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read " + file + ": " + e + ".", e);
        }
    }

    /** What the model says, but never more than the positions. */
    private int maxIds(int positions) {
        return modules.maxTokens() == 0 ? positions : Math.min(modules.maxTokens(), positions);
    }

    private int dimensionOfAll() {
        if (modules.tokenDimension() != 0 && modules.tokenDimension() != hidden) {
            throw new IllegalArgumentException("Cannot run this model: pooling in " + directory + " takes tokens of "
                    + modules.tokenDimension() + " numbers, and the encoder gives " + hidden + ".");
        }
        int width = hidden * modules.pooling().size();
        for (Dense dense : modules.dense()) {
            if (dense.weight().shape()[1] != width) {
                throw new IllegalArgumentException("Cannot run this model: a dense layer in " + directory + " takes "
                        + dense.weight().shape()[1] + " numbers, and what comes to it has " + width + ".");
            }
            width = (int) dense.weight().shape()[0];
        }
        return width;
    }

    private String fingerprint(String numbers) {
        List<String> parts = new ArrayList<>(List.of(
                VERSION,
                numbers,
                "document " + modules.prompts().document(),
                "query " + modules.prompts().query(),
                "ids " + maxIds,
                "lower case " + modules.lowerCase()));
        try {
            for (String file : List.of(CONFIG, TOKENIZER, "sentence_bert_config.json")) {
                parts.add(digest(modules.encoder().resolve(file)));
            }
            parts.add(digest(directory.resolve("modules.json")));
            try (DirectoryStream<Path> folders = Files.newDirectoryStream(directory, "[0-9]*_*")) {
                List<Path> sorted = new ArrayList<>();
                folders.forEach(sorted::add);
                for (Path folder : sorted.stream().sorted().toList()) {
                    if (!folder.equals(modules.encoder())) {
                        parts.add(folder.getFileName().toString());
                        parts.add(digest(folder.resolve(CONFIG)));
                        parts.add(digest(folder.resolve(Weights.FILE)));
                    }
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read " + directory + ": " + e + ".", e);
        }
        return Fingerprint.of(parts.toArray(String[]::new));
    }

    /** Hash of a file's bytes, read piece by piece. */
    private static String digest(Path file) {
        if (!Files.isRegularFile(file)) {
            return "none";
        }
        try (InputStream in = Files.newInputStream(file)) {
            return Fingerprint.of(in);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read " + file + ": " + e + ".", e);
        }
    }
}
