package dev.spindrift.pipeline.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.spindrift.pipeline.source.StartFrom;
import dev.spindrift.udf.reference.Family;
import dev.spindrift.udf.reference.TinyModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JobConfigTest {
    private static final String MINIMUM = """
            source:
              kafka.bootstrap-servers: broker:9092
              kafka:
                topics: [handbook, notes]
            warehouse:
              url: jdbc:snowflake://account.example
              user: writer
            """;

    @TempDir
    Path folder;

    private Path file(String yaml) throws IOException {
        return Files.writeString(folder.resolve("job.yaml"), yaml);
    }

    private List<String> mistakes(String yaml, String... overrides) throws IOException {
        Path file = file(yaml);
        IllegalArgumentException e =
                catchThrowableOfType(IllegalArgumentException.class, () -> JobConfig.load(file, List.of(overrides)));
        assertThat(e).as("a refusal").isNotNull();
        return String.valueOf(e.getMessage()).lines().skip(1).map(String::strip).toList();
    }

    @Test
    void readsNestedAndDottedKeysAndFillsInDefaults() throws IOException {
        JobConfig config = JobConfig.load(file(MINIMUM), List.of());
        assertThat(config.source().bootstrapServers()).isEqualTo("broker:9092");
        assertThat(config.source().topics()).containsExactly("handbook", "notes");
        assertThat(config.source().start()).isEqualTo(StartFrom.EARLIEST);
        assertThat(config.source().maxDocumentBytes()).isEqualTo(16 << 20);
        assertThat(config.chunk().targetTokens()).isEqualTo(240);
        assertThat(config.chunk().overlapTokens()).isEqualTo(32);
        assertThat(config.model().id()).isEqualTo("builtin");
        assertThat(config.checkpoint().interval()).isEqualTo(Duration.ofSeconds(30));
        assertThat(config.sink().job()).isEqualTo("spindrift");
    }

    @Test
    void letsTheCommandLineOverrideTheFile() throws IOException {
        JobConfig config = JobConfig.load(
                file(MINIMUM),
                List.of(
                        "source.kafka.topics=one;two",
                        "source.kafka.start=latest",
                        "source.max-document-size=1mb",
                        "embed.linger=250ms",
                        "source.kafka.properties.security.protocol=SASL_SSL",
                        "checkpoint.interval=2 min"));
        assertThat(config.source().topics()).containsExactly("one", "two");
        assertThat(config.source().start()).isEqualTo(StartFrom.LATEST);
        assertThat(config.source().maxDocumentBytes()).isEqualTo(1 << 20);
        assertThat(config.embed().linger()).isEqualTo(Duration.ofMillis(250));
        assertThat(config.source().properties()).isEqualTo(Map.of("security.protocol", "SASL_SSL"));
        assertThat(config.checkpoint().interval()).isEqualTo(Duration.ofMinutes(2));
    }

    @Test
    void reportsAllMistakesAtOnceWithKeyValueAndWayOut() throws IOException {
        List<String> mistakes = mistakes("""
                source:
                  kafka:
                    topic: handbook
                    start: yesterday
                chunk:
                  target-tokens: many
                  overlap-tokens: 500
                embed:
                  model: gpt
                  linger: 5 lightyears
                  capacity: 0
                nonsense: 1
                """, "checkpoint.interval=1ms", "broken");
        assertThat(mistakes)
                .anySatisfy(line ->
                        assertThat(line).contains("source.kafka.topic:").contains("Did you mean source.kafka.topics?"))
                .anySatisfy(line -> assertThat(line)
                        .contains("source.kafka.start 'yesterday'")
                        .contains("earliest, latest, group"))
                .anySatisfy(line ->
                        assertThat(line).contains("chunk.target-tokens 'many'").contains("a whole number"))
                .anySatisfy(line ->
                        assertThat(line).contains("chunk.overlap-tokens 500").contains("below chunk.target-tokens"))
                .anySatisfy(line ->
                        assertThat(line).contains("embed.linger '5 lightyears'").contains("a duration"))
                .anySatisfy(
                        line -> assertThat(line).contains("embed.capacity 0").contains("1 to"))
                .anySatisfy(line -> assertThat(line).contains("source.kafka.bootstrap-servers is not set"))
                .anySatisfy(line -> assertThat(line).contains("source.kafka.topics"))
                .anySatisfy(line -> assertThat(line).contains("nonsense").contains("docs/options.md"))
                .anySatisfy(line -> assertThat(line).contains("checkpoint.interval 1 ms"))
                .anySatisfy(line -> assertThat(line).contains("--set key=value"))
                .anySatisfy(line -> assertThat(line).contains("warehouse.url is not set"))
                .anySatisfy(line -> assertThat(line).contains("warehouse.user is not set"));
    }

    @Test
    void namesTheModelsItKnows() throws IOException {
        assertThat(mistakes(MINIMUM, "embed.model=gpt"))
                .singleElement()
                .asString()
                .contains("gpt")
                .contains("builtin");
    }

    @Test
    void pinsTheModel() throws IOException {
        Path model = TinyModel.of(Family.BERT).maxPositions(512).write(folder.resolve("tiny-bert"));
        Path relative = Path.of("").toAbsolutePath().relativize(model);

        JobConfig config = JobConfig.load(file(MINIMUM), List.of("embed.model=" + relative));

        assertThat(config.embed().model().model()).isEqualTo(model.toString());
        assertThat(config.model().id()).isEqualTo("tiny-bert");
    }

    @Test
    void refusesAChunkThatTheModelCannotRead() throws IOException {
        assertThat(mistakes(MINIMUM, "chunk.target-tokens=513"))
                .singleElement()
                .asString()
                .contains("1 to 512, which model builtin reads");
    }

    @Test
    void refusesConsumerPropertiesThatExactnessRestsOn() throws IOException {
        assertThat(mistakes(MINIMUM, "source.kafka.properties.isolation.level=read_uncommitted"))
                .singleElement()
                .asString()
                .contains("isolation.level");
    }

    @Test
    void neverPrintsSecrets() throws IOException {
        JobConfig config =
                JobConfig.load(file(MINIMUM), List.of("source.kafka.properties.sasl.jaas.config=password=hunter2"));
        assertThat(config.toString()).doesNotContain("hunter2").contains("sasl.jaas.config");
        assertThat(mistakes(MINIMUM + "source.kafka.properties: hunter2\n").toString())
                .doesNotContain("hunter2");
    }

    @Test
    void saysWhereTheFileIsNotYaml() throws IOException {
        assertThat(mistakes("source: [1\n  x: {"))
                .anySatisfy(line -> assertThat(line).contains("it is not YAML").contains("line"));
        assertThat(mistakes("chunk.target-tokens: 1\nchunk: {target-tokens: 2}\n"))
                .anySatisfy(line -> assertThat(line).contains("gives it twice"));
    }

    @Test
    void saysWhichFileItCannotRead() {
        Path missing = folder.resolve("missing.yaml");
        assertThat(catchThrowableOfType(IllegalArgumentException.class, () -> JobConfig.load(missing, List.of())))
                .hasMessageContaining("missing.yaml")
                .hasMessageContaining("--config");
    }
}
