package dev.spindrift.udf.huggingface;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * The tensors of a model directory by name, over all its safetensors files: {@code model.safetensors}, or the shards
 * that {@code model.safetensors.index.json} names.
 *
 * <p>The files stay open until it is closed. Their headers are in memory, the numbers never more than a piece at a
 * time.
 */
final class Weights implements AutoCloseable {
    static final String FILE = "model.safetensors";
    static final String INDEX = "model.safetensors.index.json";

    /** A plain name: an index must not lead out of its directory. */
    private static final Pattern SHARD = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]*\\.safetensors");

    private final Path directory;
    private final List<FileChannel> files = new ArrayList<>();
    private final Map<String, StoredTensor> tensors = new TreeMap<>();

    private Weights(Path directory) {
        this.directory = directory;
    }

    /**
     * Opens the weights in {@code directory} and checks all of their headers.
     *
     * @throws IllegalArgumentException naming the file that is missing, broken or not of this format
     */
    static Weights open(Path directory) {
        Weights weights = new Weights(directory);
        try {
            if (Files.exists(directory.resolve(FILE))) {
                weights.openFile(FILE);
            } else if (Files.exists(directory.resolve(INDEX))) {
                weights.openShards();
            } else {
                throw weights.absent();
            }
            return weights;
        } catch (RuntimeException e) {
            weights.close();
            throw e;
        }
    }

    Set<String> names() {
        return Collections.unmodifiableSet(tensors.keySet());
    }

    StoredTensor get(String name) {
        StoredTensor tensor = tensors.get(name);
        if (tensor == null) {
            throw UnreadableFile.refused(
                    directory,
                    "its weights have no tensor " + SafetensorsHeader.quoted(name),
                    "Use a model whose weights match its config.json");
        }
        return tensor;
    }

    /** The SHA-256, in hex, of the files' contents one after the other, in the order of their names. Reads them all. */
    String digest() {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            ByteBuffer piece = ByteBuffer.allocate(1 << 16);
            for (FileChannel file : files) {
                for (long at = 0; file.read(piece.clear(), at) > 0; at += piece.limit()) {
                    digest.update(piece.flip());
                }
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (IOException e) {
            throw unreadable(directory, e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Cannot hash: this Java lacks SHA-256, which every Java has to have.", e);
        }
    }

    @Override
    public void close() {
        for (FileChannel file : files) {
            try {
                file.close();
            } catch (IOException e) {
                throw unreadable(directory, e);
            }
        }
    }

    private void openShards() {
        Path index = directory.resolve(INDEX);
        Settings map = Settings.read(index).object("weight_map");
        Set<String> shards = new TreeSet<>();
        map.names().forEach(tensor -> shards.add(map.string(tensor)));
        for (String shard : shards) {
            if (!SHARD.matcher(shard).matches()) {
                throw UnreadableFile.refused(
                        index,
                        "the shard " + SafetensorsHeader.quoted(shard) + " is not the plain name of a safetensors file",
                        UnreadableFile.DOWNLOAD_AGAIN);
            }
            for (StoredTensor tensor : openFile(shard)) {
                if (!map.string(tensor.name(), "").equals(shard)) {
                    throw UnreadableFile.refused(
                            index,
                            shard + " holds the tensor " + SafetensorsHeader.quoted(tensor.name())
                                    + ", which the index does not place there",
                            UnreadableFile.DOWNLOAD_AGAIN);
                }
            }
        }
        for (String tensor : map.names()) {
            if (!tensors.containsKey(tensor)) {
                throw UnreadableFile.refused(
                        index,
                        map.string(tensor) + " lacks the tensor " + SafetensorsHeader.quoted(tensor)
                                + ", which the index places there",
                        UnreadableFile.DOWNLOAD_AGAIN);
            }
        }
    }

    /** Adds the tensors of a file, and gives them. */
    private List<StoredTensor> openFile(String name) {
        Path path = directory.resolve(name);
        if (!Files.isRegularFile(path)) {
            throw UnreadableFile.refused(path, "there is no such file", UnreadableFile.DOWNLOAD_AGAIN);
        }
        try {
            FileChannel channel = FileChannel.open(path);
            files.add(channel);
            List<StoredTensor> added = SafetensorsHeader.read(path.toString(), channel, channel.size()).stream()
                    .map(entry -> new StoredTensor(channel, path.toString(), entry))
                    .toList();
            added.forEach(tensor -> tensors.put(tensor.name(), tensor));
            return added;
        } catch (IOException e) {
            throw unreadable(path, e);
        }
    }

    private IllegalArgumentException absent() {
        boolean pickled = Files.exists(directory.resolve("pytorch_model.bin"))
                || Files.exists(directory.resolve("pytorch_model.bin.index.json"));
        return pickled
                ? UnreadableFile.refused(
                        directory,
                        "its weights are a Python pickle (pytorch_model.bin), which could run any code and is never"
                                + " opened",
                        "Save the model with safe_serialization=True, which writes " + FILE)
                : UnreadableFile.refused(
                        directory,
                        "it has neither " + FILE + " nor " + INDEX,
                        "Name the directory of a Hugging Face model");
    }

    private static UncheckedIOException unreadable(Path path, IOException cause) {
        return new UncheckedIOException(
                UnreadableFile.message(path, cause.toString(), "Check that it is there and may be read"), cause);
    }
}
