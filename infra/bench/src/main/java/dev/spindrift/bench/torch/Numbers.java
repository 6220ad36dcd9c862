package dev.spindrift.bench.torch;

import dev.spindrift.udf.torch.ScriptTensor;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** A tensor of 32-bit floats for an archive, whose numbers are fetched when they are written. */
@SuppressWarnings("ArrayRecordComponent") // handed through, never compared
record Numbers(Source source, long... shape) implements ScriptTensor {

    /** Where the numbers come from, row-major. */
    interface Source {
        float[] read() throws IOException;
    }

    @Override
    public Kind kind() {
        return Kind.FLOAT;
    }

    @Override
    public void writeTo(OutputStream out) throws IOException {
        ByteBuffer chunk = ByteBuffer.allocate(1 << 14).order(ByteOrder.LITTLE_ENDIAN);
        for (float number : source.read()) {
            if (!chunk.hasRemaining()) {
                out.write(chunk.array());
                chunk.clear();
            }
            chunk.putFloat(number);
        }
        out.write(chunk.array(), 0, chunk.position());
    }
}
