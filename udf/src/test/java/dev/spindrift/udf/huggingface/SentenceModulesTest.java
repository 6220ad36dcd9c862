package dev.spindrift.udf.huggingface;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SentenceModulesTest {
    private static final String TRANSFORMER =
            "{\"idx\":0,\"name\":\"0\",\"path\":\"\",\"type\":\"sentence_transformers.models.Transformer\"}";
    private static final String POOLING =
            "{\"idx\":1,\"name\":\"1\",\"path\":\"1_Pooling\",\"type\":\"sentence_transformers.models.Pooling\"}";
    private static final String NORMALIZE =
            "{\"idx\":2,\"name\":\"2\",\"path\":\"2_Normalize\",\"type\":\"sentence_transformers.models.Normalize\"}";
    private static final String DENSE =
            "{\"idx\":2,\"name\":\"2\",\"path\":\"2_Dense\",\"type\":\"sentence_transformers.models.Dense\"}";

    @TempDir
    Path temporary;

    private Path folder = Path.of("");

    @BeforeEach
    void makeFolder() throws IOException {
        folder = Files.createDirectory(temporary.resolve("some-model"));
    }

    @Test
    void readsWhatSentenceTransformersWrote() throws IOException {
        writeModules(TRANSFORMER, POOLING, NORMALIZE);
        write("1_Pooling/config.json", """
                {"word_embedding_dimension": 384, "pooling_mode_cls_token": false, "pooling_mode_mean_tokens": true,
                 "pooling_mode_max_tokens": false, "pooling_mode_mean_sqrt_len_tokens": false}
                """);
        write("sentence_bert_config.json", "{\"max_seq_length\": 256, \"do_lower_case\": false}");
        write(
                "config_sentence_transformers.json",
                "{\"__version__\": {\"sentence_transformers\": \"2.0.0\", \"pytorch\": \"1.9.0\"}}");
        SentenceModules modules = read();
        assertThat(modules.encoder()).isEqualTo(folder);
        assertThat(modules.pooling()).containsExactly(Pooling.MEAN);
        assertThat(modules.tokenDimension()).isEqualTo(384);
        assertThat(modules.includePrompt()).isTrue();
        assertThat(modules.dense()).isEmpty();
        assertThat(modules.normalize()).isTrue();
        assertThat(modules.prompts()).isEqualTo(new Prompts("", ""));
        assertThat(modules.maxTokens()).isEqualTo(256);
        assertThat(modules.lowerCase()).isFalse();
        assertThat(modules.truncateDimension()).isZero();
    }

    @Test
    void readsTheNamesOfLaterVersions() throws IOException {
        writeModules(
                TRANSFORMER.replace("models", "base.modules.transformer"),
                POOLING.replace("models", "sentence_transformer.modules.pooling"),
                NORMALIZE.replace("models", "base.modules.normalize"));
        write(
                "1_Pooling/config.json",
                "{\"embedding_dimension\": 32, \"pooling_mode\": \"lasttoken\", \"include_prompt\": false}");
        write(
                "2_Normalize/config.json",
                "{\"module_input_name\": \"sentence_embedding\", \"module_output_name\": null}");
        write("config_sentence_transformers.json", """
                {"model_type": "SentenceTransformer", "prompts": {"query": "Q: ", "document": ""},
                 "default_prompt_name": null, "similarity_fn_name": "cosine", "truncate_dim": 16}
                """);
        write("tokenizer_config.json", "{\"model_max_length\": 512}");
        SentenceModules modules = read();
        assertThat(modules.pooling()).containsExactly(Pooling.LAST_TOKEN);
        assertThat(modules.tokenDimension()).isEqualTo(32);
        assertThat(modules.includePrompt()).isFalse();
        assertThat(modules.normalize()).isTrue();
        assertThat(modules.prompts()).isEqualTo(new Prompts("", "Q: "));
        assertThat(modules.maxTokens()).isEqualTo(512);
        assertThat(modules.truncateDimension()).isEqualTo(16);
    }

    @Test
    void joinsSeveralPoolingsInTheLibrarysOrder() throws IOException {
        writeModules(TRANSFORMER, POOLING);
        write("1_Pooling/config.json", """
                {"pooling_mode_mean_tokens": true, "pooling_mode_cls_token": true, "pooling_mode_lasttoken": true,
                 "pooling_mode_weightedmean_tokens": true, "pooling_mode_max_tokens": true,
                 "pooling_mode_mean_sqrt_len_tokens": true}
                """);
        assertThat(read().pooling()).containsExactly(Pooling.values());
        write("1_Pooling/config.json", "{\"pooling_mode\": [\"cls\", \"mean\"]}");
        assertThat(read().pooling()).containsExactly(Pooling.CLS, Pooling.MEAN);
        write("1_Pooling/config.json", "{\"pooling_mode_mean_tokens\": false}");
        assertThat(read().pooling()).containsExactly(Pooling.MEAN);
    }

    @Test
    void opensDenseLayers() throws IOException {
        writeModules(TRANSFORMER, POOLING, DENSE, DENSE.replace("2_Dense", "3_Dense"), NORMALIZE);
        write("1_Pooling/config.json", "{}");
        writeDense("2_Dense", "torch.nn.modules.activation.Tanh", true);
        writeDense("3_Dense", "torch.nn.modules.linear.Identity", false);
        SentenceModules modules = read();
        Dense first = modules.dense().get(0);
        assertThat(first.activation()).isEqualTo(Activation.TANH);
        assertThat(first.weight().shape()).containsExactly(2, 3);
        assertThat(first.bias()).isNotNull();
        assertThat(modules.dense().get(1).activation()).isEqualTo(Activation.IDENTITY);
        assertThat(modules.dense().get(1).bias()).isNull();
        assertThat(modules.normalize()).isTrue();
    }

    @Test
    void refusesADenseLayerItCannotApply() throws IOException {
        writeModules(TRANSFORMER, POOLING, DENSE);
        write("1_Pooling/config.json", "{}");
        writeDense("2_Dense", "torch.nn.modules.activation.Softplus", true);
        assertRefused(this::read, "the activation \"torch.nn.modules.activation.Softplus\" is unknown");
        writeDense("2_Dense", "custom.Tanh", true);
        assertRefused(this::read, "the activation \"custom.Tanh\" is unknown");
        writeDense("2_Dense", "torch.nn.modules.activation.Tanh", false);
        write("2_Dense/config.json", "{\"in_features\": 2, \"out_features\": 3}");
        assertRefused(this::read, "linear.weight has the shape [2, 3], not [3, 2]");
        write("2_Dense/config.json", "{\"in_features\": 3, \"out_features\": 2}");
        assertRefused(this::read, "its weights have no tensor \"linear.bias\"");
        write("2_Dense/config.json", "{\"in_features\": 3, \"out_features\": 2, \"use_residual\": true}");
        assertRefused(this::read, "\"use_residual\" is set");
        write("2_Dense/config.json", "{\"module_input_name\": \"token_embeddings\"}");
        assertRefused(this::read, "\"module_input_name\" is not sentence_embedding");
    }

    @Test
    void refusesADenseLayerWithPickledWeights() throws IOException {
        writeModules(TRANSFORMER, POOLING, DENSE);
        write("1_Pooling/config.json", "{}");
        write("2_Dense/config.json", "{\"in_features\": 3, \"out_features\": 2}");
        write("2_Dense/pytorch_model.bin", "");
        assertRefused(this::read, "its weights are a Python pickle");
    }

    @Test
    void refusesModulesItDoesNotKnow() throws IOException {
        write("1_Pooling/config.json", "{}");
        writeModules(TRANSFORMER, POOLING, DENSE.replace("Dense", "LSTM"));
        assertRefused(this::read, "the module \"sentence_transformers.models.LSTM\" is not known here");
        writeModules(TRANSFORMER.replace("sentence_transformers.models.", "modeling_own."), POOLING);
        assertRefused(this::read, "the module \"modeling_own.Transformer\" is the model's own Python code");
        writeModules(POOLING, TRANSFORMER);
        assertRefused(this::read, "stands where Transformer is expected");
        writeModules(TRANSFORMER, NORMALIZE);
        assertRefused(this::read, "stands where Pooling is expected");
        writeModules(TRANSFORMER);
        assertRefused(this::read, "it does not list Transformer and Pooling");
        writeModules(TRANSFORMER, POOLING, NORMALIZE, DENSE);
        assertRefused(this::read, "the module \"sentence_transformers.models.Dense\" follows Normalize");
    }

    @Test
    void refusesAPoolingItDoesNotKnow() throws IOException {
        writeModules(TRANSFORMER, POOLING);
        write("1_Pooling/config.json", "{\"pooling_mode\": \"median\"}");
        assertRefused(this::read, "the pooling \"median\" is unknown");
        write("1_Pooling/config.json", "{\"pooling_mode\": []}");
        assertRefused(this::read, "\"pooling_mode\" is empty.");
        Files.delete(folder.resolve("1_Pooling/config.json"));
        assertThatThrownBy(this::read)
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("1_Pooling/config.json");
    }

    @ParameterizedTest
    @CsvSource({"..", "../other", "/etc", "a/b", "."})
    void refusesAFolderOutsideOfTheDirectory(String path) throws IOException {
        writeModules(TRANSFORMER, POOLING.replace("1_Pooling", path));
        assertRefused(this::read, "not in a folder beside");
    }

    @Test
    void refusesModelsThatGiveNoSingleVector() throws IOException {
        write("config_sentence_transformers.json", "{\"model_type\": \"SparseEncoder\"}");
        assertRefused(this::read, "it is of a \"SparseEncoder\"");
    }

    @Test
    void takesTheMeanOfAPlainModelAndDoesNotNormalize() throws IOException {
        write("config.json", "{\"architectures\": [\"BertModel\"]}");
        write("tokenizer_config.json", "{\"model_max_length\": 1000000000000000019884624838656}");
        SentenceModules modules = read();
        assertThat(modules.pooling()).containsExactly(Pooling.MEAN);
        assertThat(modules.normalize()).isFalse();
        assertThat(modules.maxTokens()).isZero();
    }

    @Test
    void takesTheLastTokenOfAPlainModelThatWritesText() throws IOException {
        write("config.json", "{\"architectures\": [\"Qwen3ForCausalLM\"]}");
        assertThat(read().pooling()).containsExactly(Pooling.LAST_TOKEN);
        write("config.json", "{\"architectures\": [\"Qwen3ForCausalLM\"], \"is_causal\": false}");
        assertThat(read().pooling()).containsExactly(Pooling.MEAN);
    }

    @Test
    void findsTheEncoderInItsOwnFolder() throws IOException {
        writeModules(TRANSFORMER.replace("\"path\":\"\"", "\"path\":\"0_Transformer\""), POOLING);
        write("1_Pooling/config.json", "{}");
        write("0_Transformer/sentence_roberta_config.json", "{\"max_seq_length\": 128, \"do_lower_case\": true}");
        SentenceModules modules = read();
        assertThat(modules.encoder()).isEqualTo(folder.resolve("0_Transformer"));
        assertThat(modules.maxTokens()).isEqualTo(128);
        assertThat(modules.lowerCase()).isTrue();
    }

    @Test
    void refusesALimitWithoutRoom() throws IOException {
        write("sentence_bert_config.json", "{\"max_seq_length\": 0}");
        assertRefused(this::read, "\"max_seq_length\" is 0");
    }

    private SentenceModules read() {
        return SentenceModules.read(folder, "");
    }

    private void writeDense(String name, String activation, boolean bias) throws IOException {
        Safetensors weights = new Safetensors().with("linear.weight", new float[6], 2, 3);
        write(
                name + "/config.json",
                "{\"in_features\": 3, \"out_features\": 2, \"bias\": %s, \"activation_function\": \"%s\"}"
                        .formatted(bias, activation));
        Files.write(
                folder.resolve(name).resolve("model.safetensors"),
                (bias ? weights.with("linear.bias", new float[2], 2) : weights).bytes());
    }

    private void writeModules(String... modules) throws IOException {
        write("modules.json", "[" + String.join(",", modules) + "]");
    }

    private void write(String name, String content) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, content);
    }

    private static void assertRefused(ThrowingCallable read, String why) {
        assertThatThrownBy(read)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("Cannot read ")
                .hasMessageContaining("some-model")
                .hasMessageContaining(why);
    }
}
