package dev.spindrift.pipeline.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "publish",
        mixinStandardHelpOptions = true,
        versionProvider = SpindriftCommand.JarVersion.class,
        description = {
            "Publishes documents to a Kafka topic, keyed by document id.",
            "A Markdown or text file is one document, named by its path from the folder given; each line of a JSONL"
                    + " file is one document {\"id\", \"text\", \"version\"?, \"media_type\"?, \"uri\"?, \"metadata\"?}."
        })
final class PublishCommand implements Callable<Integer> {
    @Option(names = "--topic", required = true, description = "Topic to write to; made if it is not there.")
    private String topic = "";

    @Option(
            names = "--bootstrap-servers",
            description = "Kafka brokers, host:port[,host:port]. Default: the local stack's.")
    private @Nullable String bootstrapServers;

    @Parameters(arity = "1..*", paramLabel = "PATH", description = "Folders, or .md, .txt and .jsonl files.")
    private List<Path> paths = List.of();

    @Override
    public Integer call() throws Exception {
        String servers = bootstrapServers != null
                ? bootstrapServers
                : LocalStackState.required("--bootstrap-servers").bootstrapServers();
        try (DocumentPublisher publisher = new DocumentPublisher(servers, topic)) {
            PublishProgress progress = new PublishProgress(publisher, System.err);
            for (Path path : paths) {
                DocumentFiles.read(path, progress);
            }
            publisher.flush();
            progress.finish();
            return progress.unreadable() == 0 ? 0 : 1;
        }
    }
}
