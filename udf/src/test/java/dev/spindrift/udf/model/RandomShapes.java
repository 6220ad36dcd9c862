package dev.spindrift.udf.model;

import dev.spindrift.udf.reference.Family;
import dev.spindrift.udf.reference.NumberKind;
import dev.spindrift.udf.reference.PoolingMode;
import dev.spindrift.udf.reference.TinyModel;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Models of any shape: heads, widths, layers, poolings, dense layers and kinds of numbers by a seed. */
final class RandomShapes {
    private static final List<Integer> HEADS = List.of(1, 2, 3, 4, 5, 7, 8);
    private static final List<String> ACTIVATIONS = List.of("Tanh", "Identity", "ReLU", "GELU", "Sigmoid");

    private RandomShapes() {}

    static Stream<ParityCase> of(int count) {
        return IntStream.range(0, count).mapToObj(RandomShapes::model);
    }

    private static ParityCase model(int seed) {
        Random random = new Random(seed);
        Family family = any(List.of(Family.values()), random);
        int heads = any(HEADS, random);
        int keyHeads = family == Family.QWEN3 && heads % 2 == 0 ? heads / 2 : heads;
        // oneDNN's kernels keep a short text's bits for hidden states of a multiple of four only.
        int headDim = 4 * (1 + random.nextInt(10));
        int inner = 20 + random.nextInt(200);
        int tokens = 40 + random.nextInt(200);
        PoolingMode pooling = any(List.of(PoolingMode.values()), random);
        NumberKind numbers = any(List.of(NumberKind.F32, NumberKind.F16, NumberKind.BF16, NumberKind.F64), random);
        TinyModel model = TinyModel.of(family)
                .seed(seed)
                .hidden(heads * headDim)
                .heads(heads, keyHeads, headDim)
                .layers(1 + random.nextInt(4))
                .intermediate(inner)
                .maxPositions(tokens)
                .shards(1 + random.nextInt(3))
                .numbers(numbers)
                .pooling(pooling);
        if (random.nextInt(3) == 0) {
            model.dense(5 + random.nextInt(60), random.nextBoolean(), any(ACTIVATIONS, random));
        }
        String shape = "seed " + seed + ": " + heads + "x" + headDim + ", inner " + inner + ", " + numbers + " file, "
                + pooling;
        return new ParityCase(family, shape, tokens, model);
    }

    private static <T> T any(List<T> choices, Random random) {
        return choices.get(random.nextInt(choices.size()));
    }
}
