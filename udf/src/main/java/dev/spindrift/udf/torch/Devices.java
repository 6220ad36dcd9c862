package dev.spindrift.udf.torch;

import ai.djl.Device;
import ai.djl.engine.StandardCapabilities;
import ai.djl.util.cuda.CudaUtils;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The devices of this machine that models run on: {@code cpu}, and {@code cuda:0}, {@code cuda:1} ... */
public final class Devices {
    /** All GPUs that the engine can use, or else the CPU. */
    public static final String AUTO = "auto";

    public static final String CPU = "cpu";
    private static final String GPU = "cuda:";
    private static final String ALL_GPUS = GPU + "*";
    private static final Pattern NAMES = Pattern.compile("auto|cpu|cuda:\\*|cuda:\\d{1,3}( *, *cuda:\\d{1,3})*");

    private Devices() {}

    /**
     * The devices that {@code names} means on this machine. It asks the CUDA runtime, if there is one, and never the
     * network.
     *
     * @param names {@code auto} for all GPUs that the engine can use, or else the CPU; {@code cpu}; or GPUs, such as
     *     {@code cuda:0}, {@code cuda:0,cuda:2} or {@code cuda:*}
     * @throws IllegalArgumentException if it means none, or one that is not here
     */
    public static List<String> resolve(String names) {
        check(names);
        return names.equals(CPU) ? List.of(CPU) : resolve(names, Gpus.USABLE);
    }

    /**
     * Checks that {@code names} means devices on some machine.
     *
     * @throws IllegalArgumentException if it does not
     */
    public static void check(String names) {
        if (!NAMES.matcher(names).matches()) {
            throw new IllegalArgumentException("Cannot use device \"" + names
                    + "\". Give embed.device: auto, cpu, cuda:*, or GPUs such as cuda:0 or cuda:0,cuda:1.");
        }
    }

    static List<String> resolve(String names, int gpus) {
        if (names.equals(CPU) || (names.equals(AUTO) && gpus == 0)) {
            return List.of(CPU);
        }
        List<String> all = IntStream.range(0, gpus).mapToObj(i -> GPU + i).toList();
        List<String> asked = names.equals(AUTO) || names.equals(ALL_GPUS)
                ? all
                : Stream.of(names.split(" *, *")).distinct().toList();
        if (asked.isEmpty() || !all.containsAll(asked)) {
            throw new IllegalArgumentException("Cannot use device \"" + names + "\": the engine can use "
                    + (gpus == 0 ? "no GPU" : "only " + String.join(", ", all))
                    + " here. Give embed.device: auto, or install a CUDA build of PyTorch and a driver.");
        }
        return asked;
    }

    /**
     * Bytes of memory in use: of a GPU by all processes; for the CPU, of this process's memory, native memory
     * included, as far as it is resident.
     */
    public static long memoryInUse(String device) {
        return device.equals(CPU)
                ? residentBytes()
                : CudaUtils.getGpuMemory(of(device)).getCommitted();
    }

    /** The engine's own name of a device. */
    static Device of(String device) {
        return device.equals(CPU) ? Device.cpu() : Device.gpu(Integer.parseInt(device.substring(GPU.length())));
    }

    private static long residentBytes() {
        try (Stream<String> lines = Files.lines(Path.of("/proc/self/status"))) {
            return lines.filter(line -> line.startsWith("VmRSS:"))
                    .mapToLong(line -> 1024 * Long.parseLong(line.replaceAll("\\D", "")))
                    .findFirst()
                    .orElse(0);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read this process's memory from /proc/self/status: " + e, e);
        }
    }

    /** Without a CUDA runtime this starts nothing; with one, the engine, which may be a build for CPUs. */
    private static int usableGpus() {
        int gpus = CudaUtils.getGpuCount();
        return gpus > 0 && TorchEngine.start().hasCapability(StandardCapabilities.CUDA) ? gpus : 0;
    }

    /**
     * Asked once per JVM, since DJL logs a warning each time where there are none. What is asked is outside this class,
     * since the asking thread would wait for it to be initialized.
     */
    private static final class Gpus {
        static final int USABLE = OwnThread.call("spindrift-devices", Devices::usableGpus);
    }
}
