package dev.spindrift.udf.huggingface;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spindrift.udf.reference.Fuzzer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A million inputs and more, over all tests of this class. */
class ReadersFuzzTest {
    private static final String[] KINDS = {"F32", "F16", "BF16", "F64", "I64", "U8", "F4", "BOOL", "f32", ""};
    private static final long[] EDGES = {
        0,
        1,
        -1,
        2,
        4,
        8,
        12,
        16,
        Integer.MAX_VALUE,
        1L << 31,
        1L << 32,
        1L << 61,
        1L << 62,
        Long.MAX_VALUE,
        Long.MIN_VALUE
    };

    @TempDir
    Path folder;

    @Test
    void readsOrRefusesDamagedSafetensors() {
        byte[] whole = new Safetensors()
                .with("embeddings.word_embeddings.weight", new float[] {1, 2, 3, 4}, 2, 2)
                .with("b", "BF16", new byte[6], 3)
                .with("ids", "I64", new byte[8], 1)
                .bytes();
        Fuzzer.Outcome outcome =
                Fuzzer.run(400_000, "m.safetensors", fuzzer -> fuzzer.damaged(whole), ReadersFuzzTest::readHeader);
        assertThat(outcome.accepted()).isPositive();
        assertThat(outcome.refused()).isGreaterThan(300_000);
    }

    @Test
    void readsOrRefusesMadeUpSafetensors() {
        Fuzzer.Outcome outcome =
                Fuzzer.run(300_000, "m.safetensors", ReadersFuzzTest::madeUpSafetensors, ReadersFuzzTest::readHeader);
        assertThat(outcome.accepted()).isGreaterThan(30_000);
        assertThat(outcome.refused()).isGreaterThan(30_000);
    }

    @Test
    void readsOrRefusesDamagedSettings() {
        byte[] whole = """
                {"model_type": "bert", "hidden_size": 384, "layer_norm_eps": 1e-12, "is_decoder": false, "none": null,
                 "rope": {"type": "x", "deep": [1, 2.5, "s", {"a": []}]}, "list": ["a", "b"], "numbers": [1, 2]}
                """.getBytes(UTF_8);
        Fuzzer.Outcome outcome =
                Fuzzer.run(300_000, "config.json", fuzzer -> fuzzer.damaged(whole), ReadersFuzzTest::readSettings);
        assertThat(outcome.accepted()).isPositive();
        assertThat(outcome.refused()).isGreaterThan(200_000);
    }

    @Test
    void readsOrRefusesDamagedModules() throws IOException {
        Map<String, byte[]> whole = new TreeMap<>();
        for (Map.Entry<String, String> file : moduleFiles().entrySet()) {
            whole.put(file.getKey(), file.getValue().getBytes(UTF_8));
        }
        whole.put(
                "2_Dense/model.safetensors",
                new Safetensors().with("linear.weight", new float[6], 2, 3).bytes());
        Path model = folder.resolve("some-model");
        for (Map.Entry<String, byte[]> file : whole.entrySet()) {
            Path path = model.resolve(file.getKey());
            Files.createDirectories(path.getParent());
            Files.write(path, file.getValue());
        }
        SentenceModules.read(model, "");
        for (Map.Entry<String, byte[]> file : whole.entrySet()) {
            Path path = model.resolve(file.getKey());
            Fuzzer.run(500, "some-model", fuzzer -> fuzzer.damaged(file.getValue()), input -> {
                Files.write(path, input);
                SentenceModules.read(model, "");
            });
            Files.write(path, file.getValue());
        }
    }

    private static Map<String, String> moduleFiles() {
        String module = "{\"idx\":%d,\"name\":\"%d\",\"path\":\"%s\",\"type\":\"sentence_transformers.models.%s\"}";
        return Map.of(
                "modules.json",
                "[" + module.formatted(0, 0, "", "Transformer") + "," + module.formatted(1, 1, "1_Pooling", "Pooling")
                        + "," + module.formatted(2, 2, "2_Dense", "Dense") + ","
                        + module.formatted(3, 3, "3_Normalize", "Normalize") + "]",
                "1_Pooling/config.json",
                "{\"word_embedding_dimension\": 3, \"pooling_mode_cls_token\": true, \"include_prompt\": false}",
                "2_Dense/config.json",
                "{\"in_features\": 3, \"out_features\": 2, \"bias\": false,"
                        + " \"activation_function\": \"torch.nn.modules.activation.Tanh\"}",
                "sentence_bert_config.json",
                "{\"max_seq_length\": 256, \"do_lower_case\": false}",
                "config_sentence_transformers.json",
                "{\"prompts\": {\"query\": \"Q: \", \"document\": \"\"}, \"default_prompt_name\": \"query\"}");
    }

    private static void readHeader(byte[] file) throws IOException {
        SafetensorsHeader.read("m.safetensors", Channels.newChannel(new ByteArrayInputStream(file)), file.length);
    }

    private static void readSettings(byte[] json) {
        Settings settings = Settings.parse("config.json", json);
        for (String name : settings.names()) {
            if (settings.hasString(name)) {
                settings.string(name);
            }
        }
        settings.string("model_type", "");
        settings.integer("hidden_size", 0);
        settings.decimal("layer_norm_eps", 0);
        settings.flag("is_decoder", false);
        settings.strings("list");
        settings.integers("numbers");
        settings.object("rope").objects("deep");
    }

    /** A file of the right form with numbers that fit together only now and then. */
    private static byte[] madeUpSafetensors(Fuzzer fuzzer) {
        SplittableRandom random = fuzzer.random();
        StringBuilder header = new StringBuilder("{");
        long end = 0;
        int tensors = random.nextInt(4);
        for (int i = 0; i < tensors; i++) {
            long rows = random.nextInt(20) == 0 ? EDGES[random.nextInt(EDGES.length)] : random.nextInt(4);
            long columns = random.nextInt(20) == 0 ? EDGES[random.nextInt(EDGES.length)] : random.nextInt(4);
            long begin = random.nextInt(20) == 0 ? EDGES[random.nextInt(EDGES.length)] : end;
            end = random.nextInt(20) == 0 ? EDGES[random.nextInt(EDGES.length)] : begin + 4 * rows * columns;
            header.append(i == 0 ? "" : ",")
                    .append("\"%s\":{\"dtype\":\"%s\",\"shape\":[%d,%d],\"data_offsets\":[%d,%d]}"
                            .formatted(
                                    random.nextInt(20) == 0 ? "a" : "t" + i,
                                    random.nextInt(10) == 0 ? fuzzer.any(KINDS) : "F32",
                                    rows,
                                    columns,
                                    begin,
                                    end));
        }
        header.append(random.nextInt(50) == 0 ? "" : "}");
        byte[] json = header.toString().getBytes(UTF_8);
        byte[] data = new byte[end >= 0 && end < 1000 ? (int) end : random.nextInt(100)];
        long length = random.nextInt(30) == 0 ? EDGES[random.nextInt(EDGES.length)] : json.length;
        return Safetensors.of(length, json, data);
    }
}
