package dev.spindrift.udf.model;

import dev.spindrift.udf.token.ModelInput;
import dev.spindrift.udf.token.Tokenizer;
import dev.spindrift.udf.torch.TorchEngine;
import java.util.List;

/**
 * Texts that are embedded when a model is first used, and again at each start, so that another driver, device or build
 * that changes vectors is noticed before it mixes them with the old ones.
 *
 * <p>They never change: what they gave is kept in tables. They are of several scripts and lengths, and none says
 * anything.
 */
public final class GoldenTexts {
    /** The largest difference of one number, of vectors of length 1: what another order of adding 32-bit floats makes. */
    private static final double FP32_TOLERANCE = 1e-5;

    /** The least cosine where numbers are rounded to 8 or 16 bits: another order of adding rounds some the other way. */
    private static final double ROUNDED_TOLERANCE = 0.999;

    private static final String LONG =
            "The mill stood where the two brooks met, and for as long as anyone could remember it had ground the corn of"
                    + " nine villages. In dry summers the wheel stopped, and the miller walked from door to door to say"
                    + " when to come; in wet ones it ran day and night, 24 hours, 7 days, until the stones were hot. ";

    private static final List<String> TEXTS = List.of(
            "snow",
            "A partition is read by one consumer of a group at a time.",
            "Übergrößen führen wir nur auf Bestellung; die Rückgabe ist binnen 14 Tagen möglich.",
            "Сколько сообщений отстаёт от начала темы эта группа?",
            "流处理作业每三十秒提交一次检查点。",
            "كم تكلفة نقل البيانات بين المناطق؟ 🚢",
            "SELECT id, SUM(price * 1.19) AS gross FROM orders WHERE day >= '2024-02-29' GROUP BY id; -- #42",
            LONG + LONG + LONG);

    private GoldenTexts() {}

    /**
     * What differs most between two sets of vectors of the golden texts.
     *
     * @param largest difference of one number, of vectors scaled to length 1
     * @param cosine the least of a text's two vectors
     */
    public record Difference(double largest, double cosine) {

        /** Whether it is what another machine may make of the same model, and too little to matter to a search. */
        public boolean isWithin(Precision precision) {
            return precision == Precision.FP32 ? largest <= FP32_TOLERANCE : cosine >= ROUNDED_TOLERANCE;
        }
    }

    /** What a model reads of the golden texts, cut to {@code maxTokens}, as texts to be found. */
    public static List<ModelInput> inputs(Tokenizer tokenizer, int maxTokens) {
        return TEXTS.stream()
                .map(text -> tokenizer.document(tokenizer.cut(text, maxTokens)))
                .toList();
    }

    /** What vectors made in this process depend on beside the model: the engine's build, and the processor. */
    public static String build() {
        return TorchEngine.version() + " on " + CpuFeatures.processor();
    }

    /**
     * Compares the vectors of the golden texts with those that they had before. Numbers that are not finite differ
     * beyond any tolerance.
     *
     * @throws IllegalArgumentException if they differ in number or length
     */
    public static Difference compare(List<float[]> before, List<float[]> now) {
        double largest = 0;
        double cosine = 1;
        if (before.size() != now.size()) {
            throw new IllegalArgumentException("Cannot compare the vectors of " + before.size()
                    + " golden texts with those of " + now.size() + ": they are of another version.");
        }
        for (int text = 0; text < before.size(); text++) {
            float[] a = before.get(text);
            float[] b = now.get(text);
            if (a.length != b.length) {
                throw new IllegalArgumentException("Cannot compare vectors of " + a.length + " numbers with vectors of "
                        + b.length + ": they are of two models.");
            }
            double aLength = Math.sqrt(dot(a, a));
            double bLength = Math.sqrt(dot(b, b));
            for (int i = 0; i < a.length; i++) {
                // Math.max keeps a NaN.
                largest = Math.max(largest, Math.abs(a[i] / aLength - b[i] / bLength));
            }
            cosine = Math.min(cosine, dot(a, b) / (aLength * bLength));
        }
        return new Difference(largest, cosine);
    }

    private static double dot(float[] a, float[] b) {
        double dot = 0;
        for (int i = 0; i < a.length; i++) {
            dot += (double) a[i] * b[i];
        }
        return dot;
    }
}
