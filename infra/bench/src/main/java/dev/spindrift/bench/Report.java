package dev.spindrift.bench;

import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.spindrift.bench.bert.BertShape;
import dev.spindrift.bench.torch.Versions;
import dev.spindrift.udf.model.Precision;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a run on a CPU found, as a table and as JSON. */
final class Report {
    private static final String FP32 = Contenders.name(Precision.FP32);
    private static final String NONE = "-";

    private final String model;
    private final @Nullable BertShape shape;
    private final Machine machine;
    private final List<String> loads;
    private final Map<String, String> versions = new LinkedHashMap<>();
    private final Map<String, Double> cosines;
    private final Map<Series, Samples> samples;
    private final Map<String, @Nullable Double> ratios = new LinkedHashMap<>();

    /**
     * @param loads how many threads wanted a processor before and after
     * @param cosines the least of each contender's vectors with those of the engine in fp32
     */
    Report(
            String model,
            @Nullable BertShape shape,
            Machine machine,
            List<String> loads,
            @Nullable String onnxVersion,
            Map<String, Double> cosines,
            Map<Series, Samples> samples) {
        this.model = model;
        this.shape = shape;
        this.machine = machine;
        this.loads = loads;
        this.cosines = cosines;
        this.samples = samples;
        versions.putAll(Versions.all());
        if (onnxVersion != null) {
            versions.put("onnxruntime", onnxVersion);
        }
        addRatios();
    }

    /** Of processor time, on mixed lengths unless the name says otherwise; null if a side of it was not timed. */
    Map<String, @Nullable Double> ratios() {
        return ratios;
    }

    private void addRatios() {
        Samples onnx = find(Contenders.ONNX, Texts.MIXED);
        Samples fp32 = find(FP32, Texts.MIXED);
        Samples tokenizer = find(Contenders.TOKENIZER, Texts.MIXED);
        Samples whole = fp32 == null || tokenizer == null ? null : fp32.followedBy(tokenizer);
        ratios.put("fp32_vs_onnxruntime", faster(fp32, onnx));
        ratios.put("bf16_vs_onnxruntime", faster(find(Contenders.name(Precision.BF16), Texts.MIXED), onnx));
        ratios.put("int8_vs_onnxruntime", faster(find(Contenders.name(Precision.INT8), Texts.MIXED), onnx));
        ratios.put("fp32_vs_djl_translator", faster(whole, find(Contenders.DJL, Texts.MIXED)));
        ratios.put("fp32_vs_bare_loop", faster(fp32, find(Contenders.BARE, Texts.MIXED)));
        Samples at128 = find(FP32, "128");
        Samples product = bestProduct();
        ratios.put("fp32_vs_gemm_128", at128 == null || product == null ? null : at128.flopsOver(product));
    }

    private static @Nullable Double faster(@Nullable Samples these, @Nullable Samples those) {
        return these == null || those == null ? null : these.timesFasterThan(those);
    }

    private @Nullable Samples find(String contender, String lengths) {
        for (Map.Entry<Series, Samples> entry : samples.entrySet()) {
            if (entry.getKey().contender().equals(contender)
                    && entry.getKey().lengths().equals(lengths)) {
                return entry.getValue();
            }
        }
        return null;
    }

    private @Nullable Samples bestProduct() {
        Samples best = null;
        for (Map.Entry<Series, Samples> entry : samples.entrySet()) {
            boolean product = entry.getKey().contender().startsWith(Contenders.PRODUCT);
            if (product && (best == null || entry.getValue().flopsPerCpuSecond() > best.flopsPerCpuSecond())) {
                best = entry.getValue();
            }
        }
        return best;
    }

    String table() {
        StringBuilder text = new StringBuilder();
        Set<String> lengths = new LinkedHashSet<>();
        Set<String> contenders = new LinkedHashSet<>();
        samples.keySet().forEach(series -> {
            contenders.add(series.contender());
            lengths.add(series.lengths());
        });
        lengths.remove(NONE);
        line(text, "Useful tokens per second of processor time (of a clock), one thread, by length of text:");
        text.append("%-30s".formatted(""));
        lengths.forEach(length -> text.append("%18s".formatted(length)));
        text.append('\n');
        for (String contender : contenders) {
            if (!contender.startsWith(Contenders.PRODUCT)) {
                text.append("%-30s".formatted(contender));
                lengths.forEach(length -> text.append("%18s".formatted(cell(find(contender, length)))));
                text.append('\n');
            }
        }
        text.append('\n');
        samples.forEach((series, each) -> {
            if (series.contender().startsWith(Contenders.PRODUCT)) {
                line(text, "%-40s%8.1f GFLOP/s".formatted(series.contender(), each.flopsPerCpuSecond() / 1e9));
            }
        });
        Samples at128 = find(FP32, "128");
        if (at128 != null && shape != null) {
            line(text, "%-40s%8.1f GFLOP/s".formatted(FP32 + " at 128", at128.flopsPerCpuSecond() / 1e9));
            line(text, "  counted as layers x (8 H^2 + 4 H I + 4 L H) a token: the matrix products alone");
        }
        text.append('\n');
        ratios.forEach((name, ratio) -> line(
                text,
                "%-24s %s".formatted(name, ratio == null ? "not on this machine or model" : "%.3f".formatted(ratio))));
        line(
                text,
                "Ratios are medians over the rounds, of processor time, on mixed lengths unless named. Against DJL's");
        line(text, "translator, which tokenizes, the time of our own tokenizer counts too.");
        text.append('\n');
        cosines.forEach((name, cosine) -> line(text, "least cosine with %s: %-22s %.7f".formatted(FP32, name, cosine)));
        text.append('\n');
        line(
                text,
                "%s; %s; %d cores; %s"
                        .formatted(model, machine.processor(), machine.cores(), String.join(" ", machine.flags())));
        line(text, "%s; %d rounds; load %s; %s".formatted(today(), rounds(), String.join(" to ", loads), versions));
        return text.toString();
    }

    String json() {
        JsonObject root = new JsonObject();
        root.addProperty("date", today());
        root.addProperty("model", model);
        root.addProperty("rounds", rounds());
        JsonObject where = new JsonObject();
        where.addProperty("processor", machine.processor());
        where.addProperty("cores", machine.cores());
        JsonArray flags = new JsonArray();
        machine.flags().forEach(flags::add);
        where.add("flags", flags);
        where.addProperty("load_before", loads.get(0));
        where.addProperty("load_after", loads.get(1));
        root.add("machine", where);
        JsonObject used = new JsonObject();
        versions.forEach(used::addProperty);
        root.add("versions", used);
        JsonArray rows = new JsonArray();
        samples.forEach((series, each) -> rows.add(row(series, each)));
        root.add("table", rows);
        JsonObject alike = new JsonObject();
        cosines.forEach(alike::addProperty);
        root.add("least_cosine_with_fp32", alike);
        JsonObject all = new JsonObject();
        ratios.forEach(all::addProperty);
        root.add("ratios", all);
        return new GsonBuilder().setPrettyPrinting().serializeNulls().create().toJson(root) + "\n";
    }

    private static JsonObject row(Series series, Samples each) {
        JsonObject row = new JsonObject();
        row.addProperty("contender", series.contender().strip());
        row.addProperty("lengths", series.lengths());
        boolean reads = !series.lengths().equals(NONE);
        row.addProperty("tokens_per_cpu_second", reads ? each.tokensPerCpuSecond() : null);
        row.addProperty("tokens_per_second", reads ? each.tokensPerSecond() : null);
        double flops = each.flopsPerCpuSecond();
        row.addProperty("gflops_per_cpu_second", flops > 0 ? flops / 1e9 : null);
        return row;
    }

    private static String cell(@Nullable Samples each) {
        return each == null ? "" : "%.0f (%.0f)".formatted(each.tokensPerCpuSecond(), each.tokensPerSecond());
    }

    private int rounds() {
        return samples.values().iterator().next().rounds();
    }

    private static String today() {
        return LocalDate.now(ZoneOffset.UTC).toString();
    }

    private static void line(StringBuilder text, String line) {
        text.append(line).append('\n');
    }
}
