package dev.spindrift.bench.onnx;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * An ONNX graph, built node by node and written as one file. Field numbers are those of {@code onnx.proto3}.
 *
 * <p>Weights are fetched one by one while the file is written, so that they never stand in memory together.
 */
final class OnnxGraph {
    /** The newest that ONNX Runtime's optimizer still finds attention in; models are commonly exported with 11 to 14. */
    private static final int OPSET = 12;

    private static final int IR_VERSION = 7;
    private static final int FLOAT = 1;
    private static final int INT64 = 7;

    private final ProtoMessage graph = new ProtoMessage().text(2, "bert");
    private final List<Weight> weights = new ArrayList<>();
    private int names;

    /** The numbers of a weight, row-major. */
    interface Numbers {
        float[] read() throws IOException;
    }

    /** A node's attribute. */
    record Attribute(String name, ProtoMessage value) {
        static Attribute integer(String name, long value) {
            return new Attribute(name, new ProtoMessage().integer(3, value).integer(20, 2));
        }

        static Attribute floating(String name, float value) {
            return new Attribute(name, new ProtoMessage().floating(2, value).integer(20, 1));
        }

        static Attribute integers(String name, long... values) {
            ProtoMessage list = new ProtoMessage().integer(20, 7);
            for (long value : values) {
                list.integer(8, value);
            }
            return new Attribute(name, list);
        }
    }

    /** Declares an input of whole numbers, {@code [batch, sequence]}. */
    String input(String name) {
        graph.message(11, value(name, INT64, "batch", "sequence"));
        return name;
    }

    /** Declares an output of floats, {@code [batch, sequence, hidden]}. */
    void output(String name, int hidden) {
        graph.message(12, value(name, FLOAT, "batch", "sequence", String.valueOf(hidden)));
    }

    /** Adds a node with one output and gives that output's name. */
    String node(String operator, List<String> inputs, Attribute... attributes) {
        return node(operator, inputs, operator + "_" + names++, attributes);
    }

    String node(String operator, List<String> inputs, String output, Attribute... attributes) {
        ProtoMessage node = new ProtoMessage();
        inputs.forEach(input -> node.text(1, input));
        node.text(2, output).text(3, "node_" + output).text(4, operator);
        for (Attribute attribute : attributes) {
            node.message(5, new ProtoMessage().text(1, attribute.name).fields(attribute.value));
        }
        graph.message(1, node);
        return output;
    }

    /** Adds a weight whose numbers are read when the file is written. */
    String weight(String name, Numbers numbers, long... shape) {
        weights.add(new Weight(tensor(name, FLOAT, shape), count(shape) * Float.BYTES, numbers));
        return name;
    }

    /** Adds a constant of one float without dimensions. */
    String scalar(float value) {
        return weight("scalar_" + names++, () -> new float[] {value});
    }

    /** Adds a constant list of whole numbers. */
    String integers(long... values) {
        String name = "integers_" + names++;
        ByteBuffer bytes = ByteBuffer.allocate(Long.BYTES * values.length).order(ByteOrder.LITTLE_ENDIAN);
        for (long value : values) {
            bytes.putLong(value);
        }
        graph.message(5, tensor(name, INT64, values.length).bytes(9, bytes.array()));
        return name;
    }

    /** Writes the model that is this graph. */
    void write(Path file) throws IOException {
        List<ProtoMessage> heads = new ArrayList<>();
        long size = graph.size();
        for (Weight weight : weights) {
            ProtoMessage body = new ProtoMessage().fields(weight.head).beginBytes(9, weight.bytes);
            ProtoMessage head =
                    new ProtoMessage().beginBytes(5, body.size() + weight.bytes).fields(body);
            heads.add(head);
            size += head.size() + weight.bytes;
        }
        ProtoMessage model = new ProtoMessage()
                .integer(1, IR_VERSION)
                .text(2, "spindrift-bench")
                .message(8, new ProtoMessage().text(1, "").integer(2, OPSET))
                .beginBytes(7, size);
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file), 1 << 16)) {
            out.write(model.toBytes());
            out.write(graph.toBytes());
            for (int i = 0; i < heads.size(); i++) {
                out.write(heads.get(i).toBytes());
                float[] numbers = weights.get(i).numbers.read();
                ByteBuffer bytes =
                        ByteBuffer.allocate(Float.BYTES * numbers.length).order(ByteOrder.LITTLE_ENDIAN);
                bytes.asFloatBuffer().put(numbers);
                out.write(bytes.array());
            }
        }
    }

    private static ProtoMessage tensor(String name, int type, long... shape) {
        ProtoMessage tensor = new ProtoMessage().integer(2, type).text(8, name);
        for (long size : shape) {
            tensor.integer(1, size);
        }
        return tensor;
    }

    private static ProtoMessage value(String name, int type, String... dimensions) {
        ProtoMessage shape = new ProtoMessage();
        for (String dimension : dimensions) {
            boolean number = Character.isDigit(dimension.charAt(0));
            shape.message(
                    1,
                    number
                            ? new ProtoMessage().integer(1, Long.parseLong(dimension))
                            : new ProtoMessage().text(2, dimension));
        }
        ProtoMessage tensor = new ProtoMessage().integer(1, type).message(2, shape);
        return new ProtoMessage().text(1, name).message(2, new ProtoMessage().message(1, tensor));
    }

    private static long count(long... shape) {
        long count = 1;
        for (long size : shape) {
            count *= size;
        }
        return count;
    }

    /** A weight to be written: its message up to its numbers, their length, and where they come from. */
    private record Weight(ProtoMessage head, long bytes, Numbers numbers) {}
}
