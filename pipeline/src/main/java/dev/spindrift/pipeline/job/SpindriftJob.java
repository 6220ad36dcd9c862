package dev.spindrift.pipeline.job;

import dev.spindrift.pipeline.assemble.AssembleFunction;
import dev.spindrift.pipeline.chunk.ChunkFunction;
import dev.spindrift.pipeline.chunk.Cutter;
import dev.spindrift.pipeline.chunk.ModelCutter;
import dev.spindrift.pipeline.data.ChunkResult;
import dev.spindrift.pipeline.data.ChunkRow;
import dev.spindrift.pipeline.data.Document;
import dev.spindrift.pipeline.data.DocumentRow;
import dev.spindrift.pipeline.data.TableRow;
import dev.spindrift.pipeline.embed.EmbedOperatorFactory;
import dev.spindrift.pipeline.embed.SharedEmbedderLease;
import dev.spindrift.pipeline.sink.SnowflakeSink;
import dev.spindrift.pipeline.source.KafkaDocuments;
import dev.spindrift.pipeline.source.RouteFunction;
import dev.spindrift.pipeline.source.SourceOutput;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/** The job: documents from Kafka become searchable vectors in Snowflake. */
public final class SpindriftJob {
    private static final String USAGE = "Usage: SpindriftJob [--config FILE] [--set key=value]...";

    private SpindriftJob() {}

    /** Runs the job that {@code --config FILE} and any {@code --set key=value} describe, the latter over the former. */
    public static void main(String[] args) throws Exception {
        JobConfig config = config(args);
        StreamExecutionEnvironment environment = StreamExecutionEnvironment.getExecutionEnvironment();
        config.checkpoint().configure(environment);
        DataStream<SourceOutput> records = environment
                .fromSource(KafkaDocuments.source(config.source()), WatermarkStrategy.noWatermarks(), "kafka")
                .uid("kafka");
        SharedEmbedderLease lease = new SharedEmbedderLease(config.embed());
        connect(
                records,
                new ModelCutter(config.embed().model(), config.chunk()),
                new EmbedOperatorFactory(
                        config.model().fingerprint(), config.embed().capacity(), lease),
                new SnowflakeSink(
                        config.sink(), config.warehouse(), config.model(), new GoldenEmbedding(config.embed(), lease)));
        environment.execute(config.sink().job());
    }

    /** The path from records to rows. */
    static void connect(
            DataStream<SourceOutput> records, Cutter cutter, EmbedOperatorFactory embedder, Sink<TableRow> sink) {
        SingleOutputStreamOperator<Document> documents =
                records.process(new RouteFunction()).name("source").uid("source");

        SingleOutputStreamOperator<ChunkRow> chunks = documents
                .keyBy(Document::id)
                .process(new ChunkFunction(cutter))
                .name("chunk")
                .uid("chunk");

        SingleOutputStreamOperator<TableRow> embedded = chunks.keyBy(ChunkRow::embeddingKey)
                .transform("embed", TypeInformation.of(TableRow.class), embedder)
                .uid("embed");

        SingleOutputStreamOperator<TableRow> assembled = chunks.getSideOutput(ChunkFunction.HEADERS)
                .keyBy(DocumentRow::documentId)
                .connect(embedded.getSideOutput(EmbedOperatorFactory.RESULTS).keyBy(ChunkResult::documentId))
                .process(new AssembleFunction())
                .name("assemble")
                .uid("assemble");

        embedded.union(
                        assembled,
                        chunks.getSideOutput(ChunkFunction.REJECTED),
                        documents.getSideOutput(RouteFunction.REJECTED))
                .sinkTo(sink)
                .name("sink")
                .uid("sink");
    }

    private static JobConfig config(String[] args) {
        Path file = null;
        List<String> overrides = new ArrayList<>();
        for (int i = 0; i < args.length; i += 2) {
            String value = i + 1 < args.length ? args[i + 1] : null;
            file = args[i].equals("--config") && value != null ? Path.of(value) : file;
            if (args[i].equals("--set") && value != null) {
                overrides.add(value);
            } else if (!args[i].equals("--config") || value == null) {
                throw new IllegalArgumentException(
                        "Cannot start the job: argument " + args[i] + " is not known or has no value. " + USAGE);
            }
        }
        return JobConfig.load(file, overrides);
    }
}
