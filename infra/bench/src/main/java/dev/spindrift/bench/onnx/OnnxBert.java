package dev.spindrift.bench.onnx;

import dev.spindrift.bench.bert.BertDirectory;
import dev.spindrift.bench.bert.BertShape;
import dev.spindrift.bench.onnx.OnnxGraph.Attribute;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * Writes a BERT encoder as ONNX, with the nodes that PyTorch's exporter writes, so that ONNX Runtime's optimizer finds
 * the attention, GELU and normalization that it fuses.
 *
 * <p>Inputs {@code input_ids}, {@code attention_mask}, {@code token_type_ids}, each int64 {@code [batch, sequence]};
 * output {@code last_hidden_state}, float {@code [batch, sequence, hidden]}.
 */
final class OnnxBert {
    private final BertDirectory bert;
    private final BertShape shape;
    private final OnnxGraph graph = new OnnxGraph();

    private OnnxBert(BertDirectory bert) {
        this.bert = bert;
        this.shape = bert.shape();
    }

    static void write(BertDirectory bert, Path file) throws IOException {
        OnnxBert writer = new OnnxBert(bert);
        writer.build();
        writer.graph.write(file);
    }

    private void build() {
        String ids = graph.input("input_ids");
        String attended = graph.input("attention_mask");
        String types = graph.input("token_type_ids");
        String mask = mask(attended);
        String hidden = embeddings(ids, types);
        for (int i = 0; i < shape.layers(); i++) {
            String last = i + 1 == shape.layers() ? "last_hidden_state" : "layer_" + i;
            hidden = layer("encoder.layer." + i, hidden, mask, last);
        }
        graph.output(hidden, shape.hidden());
    }

    /** 0 where a token is attended to, a very negative number where there is only padding. */
    private String mask(String attended) {
        String wide = graph.node("Unsqueeze", List.of(attended), Attribute.integers("axes", 1));
        wide = graph.node("Unsqueeze", List.of(wide), Attribute.integers("axes", 2));
        String floats = graph.node("Cast", List.of(wide), Attribute.integer("to", 1));
        String padding = graph.node("Sub", List.of(graph.scalar(1), floats));
        return graph.node("Mul", List.of(padding, graph.scalar(-10000)));
    }

    private String embeddings(String ids, String types) {
        String words = gather("word_embeddings", shape.vocabulary(), ids);
        String kinds = gather("token_type_embeddings", 2, types);
        String length = graph.node("Gather", List.of(graph.node("Shape", List.of(ids)), graph.integers(1)));
        long[] all = new long[shape.positions()];
        for (int i = 0; i < all.length; i++) {
            all[i] = i;
        }
        String positions = graph.node(
                "Slice", List.of(graph.integers(all), graph.integers(0), length, graph.integers(0), graph.integers(1)));
        positions = graph.node("Unsqueeze", List.of(positions), Attribute.integers("axes", 0));
        String places = gather("position_embeddings", shape.positions(), positions);
        String sum = graph.node("Add", List.of(graph.node("Add", List.of(words, kinds)), places));
        return norm("embeddings", sum, "embedded");
    }

    private String layer(String name, String input, String mask, String output) {
        String self = name + ".attention.self.";
        String query = heads(linear(self + "query", input, shape.hidden(), shape.hidden()), 0, 2, 1, 3);
        String key = heads(linear(self + "key", input, shape.hidden(), shape.hidden()), 0, 2, 3, 1);
        String value = heads(linear(self + "value", input, shape.hidden(), shape.hidden()), 0, 2, 1, 3);
        String scores = graph.node("MatMul", List.of(query, key));
        float root = (float) Math.sqrt(shape.hidden() / (double) shape.heads());
        scores = graph.node("Div", List.of(scores, graph.scalar(root)));
        scores = graph.node("Add", List.of(scores, mask));
        String shares = graph.node("Softmax", List.of(scores), Attribute.integer("axis", 3));
        String context = graph.node("MatMul", List.of(shares, value));
        context = graph.node("Transpose", List.of(context), Attribute.integers("perm", 0, 2, 1, 3));
        context = graph.node("Reshape", List.of(context, graph.integers(0, 0, shape.hidden())));
        String attention = linear(name + ".attention.output.dense", context, shape.hidden(), shape.hidden());
        String middle =
                norm(name + ".attention.output", graph.node("Add", List.of(attention, input)), name + ".attention");
        String inner = gelu(linear(name + ".intermediate.dense", middle, shape.hidden(), shape.intermediate()));
        String outer = linear(name + ".output.dense", inner, shape.intermediate(), shape.hidden());
        return norm(name + ".output", graph.node("Add", List.of(outer, middle)), output);
    }

    private String heads(String input, long... order) {
        long perHead = shape.hidden() / shape.heads();
        String split = graph.node("Reshape", List.of(input, graph.integers(0, 0, shape.heads(), perHead)));
        return graph.node("Transpose", List.of(split), Attribute.integers("perm", order));
    }

    private String gelu(String input) {
        String error =
                graph.node("Erf", List.of(graph.node("Div", List.of(input, graph.scalar((float) Math.sqrt(2))))));
        String factor = graph.node("Add", List.of(error, graph.scalar(1)));
        return graph.node("Mul", List.of(graph.node("Mul", List.of(input, factor)), graph.scalar(0.5f)));
    }

    private String linear(String name, String input, int from, int to) {
        String weight =
                graph.weight(name + ".weight", () -> transposed(bert.tensor(name + ".weight"), to, from), from, to);
        String bias = graph.weight(name + ".bias", () -> bert.tensor(name + ".bias"), to);
        return graph.node("Add", List.of(graph.node("MatMul", List.of(input, weight)), bias));
    }

    private String norm(String name, String input, String output) {
        String weight = name + ".LayerNorm.weight";
        String bias = name + ".LayerNorm.bias";
        graph.weight(weight, () -> bert.tensor(weight), shape.hidden());
        graph.weight(bias, () -> bert.tensor(bias), shape.hidden());
        Attribute overLast = Attribute.integers("axes", -1);
        String centred = graph.node("Sub", List.of(input, graph.node("ReduceMean", List.of(input), overLast)));
        String squares = graph.node("Pow", List.of(centred, graph.scalar(2)));
        String variance = graph.node("ReduceMean", List.of(squares), overLast);
        String padded = graph.node("Add", List.of(variance, graph.scalar((float) shape.epsilon())));
        String unit = graph.node("Div", List.of(centred, graph.node("Sqrt", List.of(padded))));
        return graph.node("Add", List.of(graph.node("Mul", List.of(unit, weight)), bias), output);
    }

    private String gather(String name, int rows, String index) {
        String tensor = "embeddings." + name + ".weight";
        graph.weight(tensor, () -> bert.tensor(tensor), rows, shape.hidden());
        return graph.node("Gather", List.of(tensor, index));
    }

    private static float[] transposed(float[] matrix, int rows, int columns) {
        float[] turned = new float[matrix.length];
        for (int row = 0; row < rows; row++) {
            for (int column = 0; column < columns; column++) {
                turned[column * rows + row] = matrix[row * columns + column];
            }
        }
        return turned;
    }
}
