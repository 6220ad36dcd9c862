package dev.spindrift.pipeline.cli;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "demo",
        mixinStandardHelpOptions = true,
        versionProvider = SpindriftCommand.JarVersion.class,
        description = {
            "Shows the whole path on the local stack: publishes the sample handbook, runs the job until every page is"
                    + " committed, edits a page, searches, verifies.",
            "The last line of --once is one JSON object; the exit code is 0 only if every check held."
        })
final class DemoCommand implements Callable<Integer> {
    @Option(names = "--once", description = "End after the checks instead of staying up until Ctrl-C.")
    private boolean once;

    @Option(
            names = "--checkpoint-interval",
            defaultValue = "3s",
            description = "How often the job commits. Default: ${DEFAULT-VALUE}.")
    private String checkpointInterval = "";

    @Option(
            names = "--patience",
            defaultValue = "PT10M",
            description =
                    "How long to wait for a step, restarts included, before giving up. Default: ${DEFAULT-VALUE}.")
    private Duration patience = Duration.ZERO;

    @Override
    public Integer call() throws Exception {
        LocalStackState stack = LocalStackState.find()
                .orElseThrow(
                        () -> new CommandFailedException(
                                "Cannot show the demo: the local stack is not up. Run it as ./spindrift demo, which starts one."));
        Path home = Path.of(System.getProperty("spindrift.root", "."));
        DemoReport report = new Demo(stack, home.resolve("samples"), checkpointInterval, patience).run();
        if (!once) {
            printAddresses(stack);
            new CountDownLatch(1).await();
        }
        System.out.println(report.toJson());
        return report.allHeld() ? 0 : 1;
    }

    private static void printAddresses(LocalStackState stack) {
        System.out.println();
        System.out.println("Kafka      " + stack.bootstrapServers());
        System.out.println("Flink      " + stack.restUrl());
        System.out.println("Warehouse  " + stack.jdbcUrl());
        System.out.println("           " + stack.warehouseLogin());
        System.out.println("Try        ./spindrift search \"how do I keep a consumer from falling behind\"");
        System.out.println("Ctrl-C stops everything.");
    }
}
