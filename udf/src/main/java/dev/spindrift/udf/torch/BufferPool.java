package dev.spindrift.udf.torch;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.concurrent.ConcurrentLinkedDeque;

/**
 * Direct buffers to use again, since the JVM frees them only with a garbage collection. It holds as many as were ever
 * out at once.
 */
public final class BufferPool {
    private final ConcurrentLinkedDeque<ByteBuffer> idle = new ConcurrentLinkedDeque<>();

    /** A buffer of at least {@code bytes}, in native order, with any content. */
    public ByteBuffer take(int bytes) {
        ByteBuffer buffer = idle.pollFirst();
        if (buffer == null || buffer.capacity() < bytes) {
            // Rounded up to a power of two, so that slowly growing batches do not each leave one behind.
            int capacity = Math.max(1 << 12, Integer.highestOneBit(Math.max(1, bytes - 1)) << 1);
            return ByteBuffer.allocateDirect(capacity < bytes ? bytes : capacity)
                    .order(ByteOrder.nativeOrder());
        }
        return buffer.clear();
    }

    public void give(ByteBuffer buffer) {
        idle.addFirst(buffer);
    }
}
