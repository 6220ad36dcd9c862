package dev.spindrift.bench.bert;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;

/** Writes a BERT with seeded random weights as a directory like those of sentence-transformers. */
public final class RandomBert {
    private static final long SEED = 0x5350494E;

    /** As BERT itself is initialised. */
    private static final float DEVIATION = 0.02f;

    private RandomBert() {}

    /** Writes a model of {@code shape} with mean pooling and normalization to {@code directory}, which exists. */
    public static void write(BertShape shape, Path directory) throws IOException {
        writeWeights(shape, directory.resolve("model.safetensors"));
        JsonObject config = new JsonObject();
        JsonArray architectures = new JsonArray();
        architectures.add("BertModel");
        config.add("architectures", architectures);
        config.addProperty("model_type", "bert");
        config.addProperty("vocab_size", shape.vocabulary());
        config.addProperty("hidden_size", shape.hidden());
        config.addProperty("num_hidden_layers", shape.layers());
        config.addProperty("num_attention_heads", shape.heads());
        config.addProperty("intermediate_size", shape.intermediate());
        config.addProperty("max_position_embeddings", shape.positions());
        config.addProperty("type_vocab_size", 2);
        config.addProperty("layer_norm_eps", shape.epsilon());
        config.addProperty("hidden_act", "gelu");
        config.addProperty("position_embedding_type", "absolute");
        config.addProperty("pad_token_id", 0);
        Files.writeString(directory.resolve("config.json"), config.toString());
        Files.writeString(directory.resolve("sentence_bert_config.json"), """
                        {"max_seq_length": %d, "do_lower_case": false}""".formatted(shape.positions()));
        Files.writeString(directory.resolve("modules.json"), """
                [{"idx": 0, "name": "0", "path": "", "type": "sentence_transformers.models.Transformer"},
                 {"idx": 1, "name": "1", "path": "1_Pooling", "type": "sentence_transformers.models.Pooling"},
                 {"idx": 2, "name": "2", "path": "2_Normalize", "type": "sentence_transformers.models.Normalize"}]""");
        Path pooling = Files.createDirectories(directory.resolve("1_Pooling")).resolve("config.json");
        Files.writeString(pooling, """
                        {"word_embedding_dimension": %d, "pooling_mode_cls_token": false,
                         "pooling_mode_mean_tokens": true, "pooling_mode_max_tokens": false,
                         "pooling_mode_mean_sqrt_len_tokens": false}""".formatted(shape.hidden()));
        Files.createDirectories(directory.resolve("2_Normalize"));
        Files.writeString(
                directory.resolve("tokenizer.json"),
                new SyllableVocabulary(shape.vocabulary()).tokenizer().toString());
    }

    private static void writeWeights(BertShape shape, Path file) throws IOException {
        Map<String, int[]> tensors = tensors(shape);
        JsonObject header = new JsonObject();
        long offset = 0;
        for (Map.Entry<String, int[]> tensor : tensors.entrySet()) {
            JsonArray sizes = new JsonArray();
            for (int size : tensor.getValue()) {
                sizes.add(size);
            }
            JsonArray offsets = new JsonArray();
            offsets.add(offset);
            offset += Float.BYTES * numbers(tensor.getValue());
            offsets.add(offset);
            JsonObject entry = new JsonObject();
            entry.addProperty("dtype", "F32");
            entry.add("shape", sizes);
            entry.add("data_offsets", offsets);
            header.add(tensor.getKey(), entry);
        }
        byte[] text = header.toString().getBytes(StandardCharsets.UTF_8);
        SplittableRandom random = new SplittableRandom(SEED);
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file), 1 << 16)) {
            out.write(ByteBuffer.allocate(Long.BYTES)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putLong(text.length)
                    .array());
            out.write(text);
            for (Map.Entry<String, int[]> tensor : tensors.entrySet()) {
                float centre = tensor.getKey().endsWith("LayerNorm.weight") ? 1 : 0;
                writeNumbers(out, numbers(tensor.getValue()), centre, random);
            }
        }
    }

    private static void writeNumbers(OutputStream out, long count, float centre, SplittableRandom random)
            throws IOException {
        ByteBuffer chunk = ByteBuffer.allocate(1 << 14).order(ByteOrder.LITTLE_ENDIAN);
        for (long written = 0; written < count; written++) {
            if (!chunk.hasRemaining()) {
                out.write(chunk.array());
                chunk.clear();
            }
            chunk.putFloat(centre + DEVIATION * normal(random.nextLong()));
        }
        out.write(chunk.array(), 0, chunk.position());
    }

    /** Nearly a standard normal number: the sum of four uniform ones, scaled. */
    private static float normal(long bits) {
        long sum = (bits & 0xFFFF) + ((bits >>> 16) & 0xFFFF) + ((bits >>> 32) & 0xFFFF) + (bits >>> 48);
        return (float) ((sum / 65536.0 - 2) * Math.sqrt(3));
    }

    private static Map<String, int[]> tensors(BertShape shape) {
        int hidden = shape.hidden();
        int inner = shape.intermediate();
        Map<String, int[]> tensors = new LinkedHashMap<>();
        tensors.put("embeddings.word_embeddings.weight", new int[] {shape.vocabulary(), hidden});
        tensors.put("embeddings.position_embeddings.weight", new int[] {shape.positions(), hidden});
        tensors.put("embeddings.token_type_embeddings.weight", new int[] {2, hidden});
        norm(tensors, "embeddings", hidden);
        for (int i = 0; i < shape.layers(); i++) {
            String layer = "encoder.layer." + i;
            for (String part : new String[] {"query", "key", "value"}) {
                linear(tensors, layer + ".attention.self." + part, hidden, hidden);
            }
            linear(tensors, layer + ".attention.output.dense", hidden, hidden);
            norm(tensors, layer + ".attention.output", hidden);
            linear(tensors, layer + ".intermediate.dense", inner, hidden);
            linear(tensors, layer + ".output.dense", hidden, inner);
            norm(tensors, layer + ".output", hidden);
        }
        return tensors;
    }

    private static void linear(Map<String, int[]> tensors, String name, int out, int in) {
        tensors.put(name + ".weight", new int[] {out, in});
        tensors.put(name + ".bias", new int[] {out});
    }

    private static void norm(Map<String, int[]> tensors, String name, int size) {
        tensors.put(name + ".LayerNorm.weight", new int[] {size});
        tensors.put(name + ".LayerNorm.bias", new int[] {size});
    }

    private static long numbers(int[] shape) {
        long numbers = 1;
        for (int size : shape) {
            numbers *= size;
        }
        return numbers;
    }
}
