package dev.spindrift.udf.torch;

import com.sun.jna.Function;
import com.sun.jna.NativeLibrary;

/**
 * The C library's allocator, told to keep what a forward pass frees for the next one.
 *
 * <p>As it comes, glibc gives large blocks back to the system when they are freed, and each pass has the kernel clear
 * the same pages again: of eight-bit products that is a fifth of the time. What the user set in the environment stays.
 */
final class Allocator {
    private static final int M_TRIM_THRESHOLD = -1;
    private static final int M_MMAP_THRESHOLD = -3;

    /** Blocks up to this size are kept: activations are smaller, most weights larger. Older glibc takes no more. */
    private static final int KEPT_BLOCK = 32 << 20;

    /** This much free memory may stay with the process. */
    private static final int KEPT_IN_ALL = 1 << 28;

    private Allocator() {}

    /** Does nothing where the C library is another one. */
    static void keepFreedMemory() {
        if (System.getenv("MALLOC_TRIM_THRESHOLD_") != null || System.getenv("MALLOC_MMAP_THRESHOLD_") != null) {
            return;
        }
        try {
            Function mallopt = NativeLibrary.getProcess().getFunction("mallopt");
            mallopt.invokeInt(new Object[] {M_MMAP_THRESHOLD, KEPT_BLOCK});
            mallopt.invokeInt(new Object[] {M_TRIM_THRESHOLD, KEPT_IN_ALL});
        } catch (UnsatisfiedLinkError e) {
            // Slower, no worse.
        }
    }
}
