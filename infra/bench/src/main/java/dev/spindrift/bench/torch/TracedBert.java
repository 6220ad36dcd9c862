package dev.spindrift.bench.torch;

import dev.spindrift.bench.bert.BertDirectory;
import dev.spindrift.bench.bert.BertShape;
import dev.spindrift.udf.torch.ScriptModule;
import dev.spindrift.udf.torch.TorchScriptArchive;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A BERT as DJL's model converter traces it: plain operators on padded batches, from token ids, attention mask and token
 * types, each int64 {@code [batch, sequence]}, to the last hidden state, float {@code [batch, sequence, hidden]}.
 */
final class TracedBert {
    private static final List<String> LINEARS = List.of("query", "key", "value", "attended", "inner", "outer");
    private static final String LAYER = """
            class Layer(Module):
              __parameters__ = [%1$s]
              __buffers__ = []
              training : bool
            %2$s
              def forward(self: __torch__.Layer, x: Tensor, mask: Tensor) -> Tensor:
                rows = torch.size(x, 0)
                length = torch.size(x, 1)
                q = torch.view(torch.linear(x, self.query_weight, self.query_bias), [rows, length, %4$d, %5$d])
                k = torch.view(torch.linear(x, self.key_weight, self.key_bias), [rows, length, %4$d, %5$d])
                v = torch.view(torch.linear(x, self.value_weight, self.value_bias), [rows, length, %4$d, %5$d])
                a = torch.scaled_dot_product_attention(torch.transpose(q, 1, 2), torch.transpose(k, 1, 2), torch.transpose(v, 1, 2), mask, 0., False)
                a = torch.reshape(torch.transpose(a, 1, 2), [rows, length, %3$d])
                a = torch.add(torch.linear(a, self.attended_weight, self.attended_bias), x)
                a = torch.layer_norm(a, [%3$d], self.middle_weight, self.middle_bias, %6$s, True)
                y = torch.gelu(torch.linear(a, self.inner_weight, self.inner_bias), approximate="none")
                y = torch.add(torch.linear(y, self.outer_weight, self.outer_bias), a)
                return torch.layer_norm(y, [%3$d], self.last_weight, self.last_bias, %6$s, True)
            """;
    private static final String MODEL = """
            class Bert(Module):
              __parameters__ = ["words", "places", "kinds", "first_weight", "first_bias", ]
              __buffers__ = []
              training : bool
              words : Tensor
              places : Tensor
              kinds : Tensor
              first_weight : Tensor
              first_bias : Tensor
            %1$s
              def forward(self: __torch__.Bert, input_ids: Tensor, attention_mask: Tensor, token_type_ids: Tensor) -> Tensor:
                rows = torch.size(input_ids, 0)
                length = torch.size(input_ids, 1)
                mask = torch.to(torch.unsqueeze(torch.unsqueeze(attention_mask, 1), 2), 6)
                mask = torch.mul(torch.rsub(mask, 1.), -3.4028234663852886e+38)
                mask = torch.expand(mask, [rows, 1, length, length])
                x = torch.add(torch.embedding(self.words, input_ids), torch.embedding(self.kinds, token_type_ids))
                x = torch.add(x, torch.slice(self.places, 0, 0, length))
                x = torch.layer_norm(x, [%2$d], self.first_weight, self.first_bias, %3$s, True)
            %4$s
                return x
            """;

    private final BertDirectory bert;
    private final BertShape shape;

    private TracedBert(BertDirectory bert) {
        this.bert = bert;
        this.shape = bert.shape();
    }

    static TorchScriptArchive archive(BertDirectory bert) {
        TracedBert traced = new TracedBert(bert);
        return new TorchScriptArchive(traced.module(), Map.of("__torch__.py", traced.code()));
    }

    private String code() {
        List<String> names = new ArrayList<>();
        LINEARS.forEach(name -> names.addAll(List.of(name + "_weight", name + "_bias")));
        names.addAll(List.of("middle_weight", "middle_bias", "last_weight", "last_bias"));
        String layer = LAYER.formatted(
                names.stream().map(name -> '"' + name + "\", ").collect(Collectors.joining()),
                names.stream().map(name -> "  " + name + " : Tensor").collect(Collectors.joining("\n")),
                shape.hidden(),
                shape.heads(),
                shape.hidden() / shape.heads(),
                shape.epsilon());
        String model = MODEL.formatted(
                eachLayer("  layer%1$d : __torch__.Layer"),
                shape.hidden(),
                shape.epsilon(),
                eachLayer("    x = (self.layer%1$d).forward(x, mask)"));
        return layer + model;
    }

    private String eachLayer(String line) {
        return IntStream.range(0, shape.layers()).mapToObj(line::formatted).collect(Collectors.joining("\n"));
    }

    private ScriptModule module() {
        Map<String, Object> attributes = new LinkedHashMap<>();
        attributes.put("training", false);
        attributes.put("words", tensor("embeddings.word_embeddings.weight", shape.vocabulary(), shape.hidden()));
        attributes.put("places", tensor("embeddings.position_embeddings.weight", shape.positions(), shape.hidden()));
        attributes.put("kinds", tensor("embeddings.token_type_embeddings.weight", 2, shape.hidden()));
        pair(attributes, "first", "embeddings.LayerNorm", shape.hidden());
        for (int i = 0; i < shape.layers(); i++) {
            attributes.put("layer" + i, layer("encoder.layer." + i));
        }
        return new ScriptModule("Bert", attributes);
    }

    private ScriptModule layer(String name) {
        int hidden = shape.hidden();
        int inner = shape.intermediate();
        Map<String, Object> attributes = new LinkedHashMap<>();
        attributes.put("training", false);
        pair(attributes, "query", name + ".attention.self.query", hidden, hidden);
        pair(attributes, "key", name + ".attention.self.key", hidden, hidden);
        pair(attributes, "value", name + ".attention.self.value", hidden, hidden);
        pair(attributes, "attended", name + ".attention.output.dense", hidden, hidden);
        pair(attributes, "inner", name + ".intermediate.dense", inner, hidden);
        pair(attributes, "outer", name + ".output.dense", hidden, inner);
        pair(attributes, "middle", name + ".attention.output.LayerNorm", hidden);
        pair(attributes, "last", name + ".output.LayerNorm", hidden);
        return new ScriptModule("Layer", attributes);
    }

    /** A weight of {@code weightShape} and the bias as long as its first dimension. */
    private void pair(Map<String, Object> attributes, String attribute, String name, long... weightShape) {
        attributes.put(attribute + "_weight", tensor(name + ".weight", weightShape));
        attributes.put(attribute + "_bias", tensor(name + ".bias", weightShape[0]));
    }

    private Numbers tensor(String name, long... tensorShape) {
        return new Numbers(() -> bert.tensor(name), tensorShape);
    }
}
