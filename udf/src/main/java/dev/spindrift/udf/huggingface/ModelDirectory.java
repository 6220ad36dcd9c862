package dev.spindrift.udf.huggingface;

import dev.spindrift.udf.Fingerprint;
import dev.spindrift.udf.token.ModelInput;
import dev.spindrift.udf.torch.ArchiveCache;
import dev.spindrift.udf.torch.ScriptTensor.Kind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A model as sentence-transformers writes it to a directory: read and checked, with its tokenizer in memory. The
 * weights stay on disk until they are written as a TorchScript module.
 */
public final class ModelDirectory {
    /** Raised by every change that alters a vector. */
    private static final String VERSION = "1";

    private static final String CONFIG = "config.json";
    private static final String TOKENIZER = "tokenizer.json";

    /** Texts of several scripts; their tokens have to be in the vocabulary of the weights. */
    private static final String PROBE = "The quick brown fox: naïve, 1234567.89; Привет, 漢字かな交じり文 👩‍👩‍👧 \uFFFD";

    private final Path directory;
    private final SubwordTokenizer tokenizer;
    private final SentenceModules modules;
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
                text(tokenizerFile),
                modules.prompts().document(),
                modules.prompts().query(),
                modules.lowerCase());
        try (Weights weights = Weights.open(modules.encoder())) {
            Encoder encoder = Architectures.read(config(), weights);
            this.vocabulary = encoder.vocabulary();
            this.maxIds = maxIds(encoder.maxPositions());
            this.dimension = dimension(encoder.hidden());
            this.fingerprint = fingerprint(weights);
        }
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

    /** How many tokens the weights know. */
    public int vocabulary() {
        return vocabulary;
    }

    /** Most ids of one text, special tokens and prompt included. */
    public int maxIds() {
        return maxIds;
    }

    /** Most tokens of a text that is to be found, special tokens and prompt not counted. */
    public int maxTokens() {
        return maxIds - tokenizer.documentOverhead();
    }

    /** How many ids at the beginning the pooling leaves out. */
    public int skipped(ModelInput input) {
        int prompt = input.ids().length - input.tokens() - tokenizer.specialTokens();
        boolean skips = !modules.includePrompt() && prompt > 0;
        return skips ? input.ids().length - input.tokens() - tokenizer.trailingSpecialTokens() : 0;
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
            Head head = new Head(modules.pooling(), modules.dense(), modules.normalize(), kept);
            EncoderArchive archive = new EncoderArchive(encoder, head, kind, quantized);
            String recipe = "encoder-"
                    + Fingerprint.of(
                            fingerprint, archive.text(), kind.name(), "quantized " + quantized, "kept " + kept);
            return cache.get(recipe, archive.archive());
        }
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

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read " + file + ": " + e + ".", e);
        }
    }

    /** What the model says, but never more than the positions. */
    private int maxIds(int positions) {
        return modules.maxTokens() == 0 ? positions : Math.min(modules.maxTokens(), positions);
    }

    private int dimension(int hidden) {
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

    private String fingerprint(Weights weights) {
        List<String> parts = new ArrayList<>(List.of(
                VERSION,
                weights.digest(),
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

    private static String digest(Path file) throws IOException {
        return Files.isRegularFile(file) ? Fingerprint.of(Files.readAllBytes(file)) : "none";
    }
}
