package dev.spindrift.bench;

import dev.spindrift.bench.bert.BertShape;
import dev.spindrift.udf.torch.Devices;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The command {@code bench embed}. */
public final class BenchCommand {
    private static final int WRONG_USE = 2;
    private static final int FAILED = 1;
    private static final Set<String> OPTIONS = Set.of("--shape", "--model", "--seconds", "--json", "--device");
    private static final String HELP = """
            Usage: ./spindrift bench embed [options]
            Times the embedding engine against the same weights in ONNX Runtime and in DJL's translator, against a bare
            loop over ideal batches, and against the processor's own matrix products: in turns, in one run, on one
            thread. docs/benchmarks.md says how. It refuses to print if two of them give different vectors.

              --shape NAME     random weights of the shape minilm (default), base or large
              --model DIR      the weights of a model's directory instead; the others are timed on a BERT only
              --seconds N      how long to take turns (default: 150); at least three rounds run
              --json FILE      writes the table and the ratios there too
              --device DEVICE  instead, what cuda:0 (or cuda:1 ...) gives to random weights of the shape base at 50
                               and 512 tokens a text; beside its matrix products, a plain PyTorch loop if python3 has
                               torch, and published numbers. Needs libtorch for CUDA. NEVER RUN ON A GPU SO FAR.
            """;

    private BenchCommand() {}

    public static void main(String[] arguments) {
        System.exit(run(Arrays.asList(arguments), System.out, System.err));
    }

    /** Runs the command and gives its exit code. */
    static int run(List<String> arguments, PrintStream out, PrintStream err) {
        if (arguments.contains("--help") || arguments.contains("-h")) {
            out.print(HELP);
            return 0;
        }
        try {
            if (arguments.isEmpty() || !arguments.get(0).equals("embed")) {
                throw new IllegalArgumentException("Cannot run this benchmark: there is only \"bench embed\".");
            }
            Map<String, String> options = options(arguments.subList(1, arguments.size()));
            String json;
            if (options.containsKey("--device")) {
                json = device(options, err).run();
                out.print(json);
            } else {
                Report report = benchmark(options, err).run();
                out.print(report.table());
                json = report.json();
            }
            if (options.containsKey("--json")) {
                Files.writeString(Path.of(options.get("--json")), json);
            }
            return 0;
        } catch (IllegalArgumentException wrong) {
            err.println(wrong.getMessage());
            return WRONG_USE;
        } catch (IllegalStateException | IOException failure) {
            err.println(failure.getMessage());
            return FAILED;
        }
    }

    private static EmbedBenchmark benchmark(Map<String, String> options, PrintStream err) {
        String model = options.get("--model");
        if (model != null && options.containsKey("--shape")) {
            throw new IllegalArgumentException("Cannot run both a shape and a model. Give --shape or --model.");
        }
        return new EmbedBenchmark(
                model == null ? null : Path.of(model),
                BertShape.named(options.getOrDefault("--shape", "minilm")),
                Duration.ofSeconds(seconds(options.getOrDefault("--seconds", "150"))),
                err);
    }

    private static DeviceBenchmark device(Map<String, String> options, PrintStream err) {
        if (options.containsKey("--model")) {
            throw new IllegalArgumentException(
                    "Cannot time a model on a device: its weights are random. Give --shape.");
        }
        return new DeviceBenchmark(
                Devices.resolve(options.getOrDefault("--device", Devices.AUTO)).get(0),
                BertShape.named(options.getOrDefault("--shape", "base")),
                Duration.ofSeconds(seconds(options.getOrDefault("--seconds", "20"))),
                Path.of(System.getProperty("spindrift.root", "."), "infra/bench/gpu/torch_loop.py"),
                err);
    }

    private static int seconds(String text) {
        try {
            int seconds = Integer.parseInt(text);
            if (seconds > 0) {
                return seconds;
            }
        } catch (NumberFormatException e) {
            // Refused below, like a number that is none of seconds.
        }
        throw new IllegalArgumentException(
                "Cannot take \"" + text + "\" seconds. Give --seconds a whole number above 0.");
    }

    private static Map<String, String> options(List<String> arguments) {
        Map<String, String> options = new LinkedHashMap<>();
        for (int i = 0; i < arguments.size(); i += 2) {
            String name = arguments.get(i);
            if (!OPTIONS.contains(name) || i + 1 == arguments.size()) {
                throw new IllegalArgumentException("Cannot run the benchmark with \"" + name
                        + "\": it is no option, or has no value. See ./spindrift bench embed --help.");
            }
            options.put(name, arguments.get(i + 1));
        }
        return options;
    }
}
