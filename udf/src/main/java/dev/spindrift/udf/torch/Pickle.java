package dev.spindrift.udf.torch;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Writes the few opcodes of Python's pickle, protocol 2, that libtorch's own reader knows.
 *
 * <p>A pickle is a program for a stack machine: each method here appends one instruction (or the usual few) and says
 * what it leaves on the stack.
 */
final class Pickle {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    Pickle() {
        out.write(0x80);
        out.write(2);
    }

    /** Pushes the Python global {@code module.name}. */
    Pickle global(String module, String name) {
        out.write('c');
        out.writeBytes((module + "\n" + name + "\n").getBytes(StandardCharsets.UTF_8));
        return this;
    }

    /** Pushes a mark, from which {@link #tuple} and {@link #setItems} take. */
    Pickle mark() {
        return op('(');
    }

    /** Replaces all above the last mark, and it, by a tuple of them. */
    Pickle tuple() {
        return op('t');
    }

    Pickle emptyTuple() {
        return op(')');
    }

    Pickle emptyDict() {
        return op('}');
    }

    /** Takes the (key, value) pairs above the last mark into the dictionary below it. */
    Pickle setItems() {
        return op('u');
    }

    /** Replaces (class, argument tuple) by a new object. */
    Pickle newObject() {
        return op(0x81);
    }

    /** Replaces (object, state) by the object with that state. */
    Pickle build() {
        return op('b');
    }

    /** Replaces (callable, argument tuple) by the result of the call. */
    Pickle reduce() {
        return op('R');
    }

    /** Replaces an identifier by the object it stands for outside of the pickle. */
    Pickle persistentId() {
        return op('Q');
    }

    Pickle none() {
        return op('N');
    }

    Pickle bool(boolean value) {
        return op(value ? 0x88 : 0x89);
    }

    Pickle text(String value) {
        byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
        out.write('X');
        littleEndian(utf8.length, Integer.BYTES);
        out.writeBytes(utf8);
        return this;
    }

    Pickle integer(long value) {
        if (value >= 0 && value < 256) {
            out.write('K');
            out.write((int) value);
        } else if (value == (int) value) {
            out.write('J');
            littleEndian(value, Integer.BYTES);
        } else {
            out.write(0x8a);
            out.write(Long.BYTES);
            littleEndian(value, Long.BYTES);
        }
        return this;
    }

    Pickle floating(double value) {
        out.write('G');
        out.writeBytes(ByteBuffer.allocate(Double.BYTES).putDouble(value).array());
        return this;
    }

    /** Pushes a tuple of {@code values}. */
    Pickle integers(long... values) {
        mark();
        for (long value : values) {
            integer(value);
        }
        return tuple();
    }

    /** Ends the program and gives its bytes. */
    byte[] stop() {
        op('.');
        return out.toByteArray();
    }

    private Pickle op(int code) {
        out.write(code);
        return this;
    }

    private void littleEndian(long value, int bytes) {
        for (int i = 0; i < bytes; i++) {
            out.write((int) (value >>> (8 * i)));
        }
    }
}
