package dev.spindrift.udf.torch;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;

/**
 * Walks a pickle as libtorch's reader would, without making any of its objects, and refuses what a TorchScript archive
 * has no use for: other opcodes than libtorch knows, globals that would run Python elsewhere, and tensors that reach
 * beyond their storage, which libtorch of this release does not check itself.
 *
 * <p>It keeps what later instructions depend on: whole numbers, texts, tuples, globals and storages. Everything else is
 * {@link #OTHER}. Its memory is a small multiple of the pickle's size.
 */
final class PickleCheck {
    private static final Object OTHER = new Object();

    /** Bytes of a number by the kinds of storage. */
    private static final Map<String, Integer> STORAGES = Map.ofEntries(
            Map.entry("torch.FloatStorage", 4),
            Map.entry("torch.DoubleStorage", 8),
            Map.entry("torch.HalfStorage", 2),
            Map.entry("torch.BFloat16Storage", 2),
            Map.entry("torch.LongStorage", 8),
            Map.entry("torch.IntStorage", 4),
            Map.entry("torch.ShortStorage", 2),
            Map.entry("torch.CharStorage", 1),
            Map.entry("torch.ByteStorage", 1),
            Map.entry("torch.BoolStorage", 1),
            Map.entry("torch.QInt8Storage", 1),
            Map.entry("torch.QUInt8Storage", 1),
            Map.entry("torch.QInt32Storage", 4),
            Map.entry("torch.ComplexFloatStorage", 8),
            Map.entry("torch.ComplexDoubleStorage", 16));

    /** What may stand beside storages and the archive's own classes. */
    private static final List<String> GLOBALS = List.of(
            "torch._utils._rebuild_tensor_v2",
            "torch._utils._rebuild_qtensor",
            "torch._utils._rebuild_parameter",
            "torch.device",
            "torch.per_tensor_affine",
            "torch.per_channel_affine",
            "torch.per_channel_affine_float_qparams",
            "collections.OrderedDict",
            "builtins.complex",
            "torch.jit._pickle.build_intlist",
            "torch.jit._pickle.build_tensorlist",
            "torch.jit._pickle.build_doublelist",
            "torch.jit._pickle.build_boollist",
            "torch.jit._pickle.build_complexdoublelist",
            "torch.jit._pickle.restore_type_tag");

    private static final String OWN = "__torch__.";

    private record Global(String name) {}

    /**
     * Numbers outside of the pickle.
     *
     * @param count how many
     */
    private record Storage(long count) {}

    private final ByteBuffer pickle;
    private final ToLongFunction<String> storedBytes;
    private final PickleStack stack;

    private PickleCheck(byte[] pickle, ToLongFunction<String> storedBytes) {
        this.pickle = ByteBuffer.wrap(pickle).order(ByteOrder.LITTLE_ENDIAN);
        this.storedBytes = storedBytes;
        // libtorch keeps a table up to the greatest place, so a great one alone would take all memory.
        this.stack = new PickleStack(pickle.length);
    }

    /**
     * Walks {@code pickle}.
     *
     * @param storedBytes how many bytes are stored by a storage's name; negative if there are none
     * @return what is wrong with it; empty if nothing is
     */
    static String wrong(byte[] pickle, ToLongFunction<String> storedBytes) {
        try {
            new PickleCheck(pickle, storedBytes).walk();
            return "";
        } catch (PickleStack.Refused e) {
            return e.why;
        } catch (BufferUnderflowException e) {
            return "it ends within an instruction";
        } catch (ArithmeticException e) {
            return "a tensor's size does not fit into 64 bits";
        }
    }

    private void walk() {
        if (pickle.getShort() != 0x0280) {
            throw new PickleStack.Refused("it is not of protocol 2");
        }
        for (int opcode = next(); opcode != '.'; opcode = next()) {
            step(opcode);
        }
        if (!stack.holdsOne() || pickle.hasRemaining()) {
            throw new PickleStack.Refused("it does not end with one object");
        }
    }

    private int next() {
        return Byte.toUnsignedInt(pickle.get());
    }

    private void step(int opcode) {
        switch (opcode) {
            case '(' -> stack.mark();
            case 'K' -> stack.push((long) next());
            case 'M' -> stack.push((long) Short.toUnsignedInt(pickle.getShort()));
            case 'J' -> stack.push((long) pickle.getInt());
            case 0x8a -> stack.push(longInteger());
            case 'G' -> {
                pickle.getDouble();
                stack.push(OTHER);
            }
            case 'X' -> stack.push(text(Integer.toUnsignedLong(pickle.getInt())));
            case 0x8d -> stack.push(text(pickle.getLong()));
            case 0x88, 0x89, 'N', '}', ']' -> stack.push(OTHER);
            case ')' -> stack.push(List.of());
            case 't' -> stack.push(stack.sinceMark());
            case 0x85, 0x86, 0x87 -> stack.push(stack.top(opcode - 0x84));
            case 'd', 'l' -> {
                stack.sinceMark();
                stack.push(OTHER);
            }
            case 'u', 'e' -> {
                stack.sinceMark();
                stack.push(stack.pop());
            }
            case 'a' -> stack.top(1);
            case 's' -> stack.top(2);
            case 'q' -> stack.remember(next());
            case 'r' -> stack.remember(pickle.getInt());
            case 'h' -> stack.recall(next());
            case 'j' -> stack.recall(pickle.getInt());
            case 'c' -> stack.push(global());
            case 0x81 -> stack.pop();
            case 'b', 'R' -> call();
            case 'Q' -> stack.push(storage());
            default -> throw new PickleStack.Refused("it has the opcode " + opcode + ", which libtorch does not know");
        }
    }

    private long longInteger() {
        if (next() != Long.BYTES) {
            throw new PickleStack.Refused("it has a number that is not of 8 bytes");
        }
        return pickle.getLong();
    }

    private String text(long length) {
        if (length < 0 || length > pickle.remaining()) {
            throw new BufferUnderflowException();
        }
        byte[] utf8 = new byte[(int) length];
        pickle.get(utf8);
        return new String(utf8, StandardCharsets.UTF_8);
    }

    private String line() {
        int start = pickle.position();
        int length = 0;
        while (next() != '\n') {
            length++;
        }
        return new String(pickle.array(), start, length, StandardCharsets.UTF_8);
    }

    private Global global() {
        String module = line();
        String name = line();
        String whole = module + "." + name;
        if (!STORAGES.containsKey(whole) && !whole.startsWith(OWN) && !GLOBALS.contains(whole)) {
            throw new PickleStack.Refused("it asks for " + (whole.length() > 200 ? whole.substring(0, 200) : whole)
                    + ", which is no part of TorchScript");
        }
        return new Global(whole);
    }

    private void call() {
        Object argument = stack.pop();
        if (!(stack.pop() instanceof Global function)) {
            throw new PickleStack.Refused("it calls what is no function");
        }
        if (function.name().startsWith("torch._utils._rebuild_")
                && !function.name().endsWith("_parameter")) {
            checkTensor(argument);
        }
        stack.push(OTHER);
    }

    private Storage storage() {
        if (stack.pop() instanceof List<?> parts
                && parts.size() == 5
                && "storage".equals(parts.get(0))
                && parts.get(1) instanceof Global kind
                && bytesOfNumber(kind) > 0
                && parts.get(2) instanceof String key
                && parts.get(4) instanceof Long count
                && count >= 0) {
            int size = bytesOfNumber(kind);
            if (count > 0 && Math.multiplyExact(count, size) > storedBytes.applyAsLong(key)) {
                throw new PickleStack.Refused("a storage of " + count + " numbers of " + size
                        + " bytes is larger than the file in the archive that holds it");
            }
            return new Storage(count);
        }
        throw new PickleStack.Refused("it has a storage that is not written as libtorch writes it");
    }

    /** Zero if it is no kind of storage. */
    private static int bytesOfNumber(Global kind) {
        return STORAGES.getOrDefault(kind.name(), 0);
    }

    /** Arguments begin with storage, offset, sizes and strides, all counted in numbers. */
    private static void checkTensor(Object argument) {
        if (!(argument instanceof List<?> parts
                && parts.size() >= 6
                && parts.get(0) instanceof Storage storage
                && parts.get(1) instanceof Long offset
                && parts.get(2) instanceof List<?> sizes
                && parts.get(3) instanceof List<?> strides
                && sizes.size() == strides.size()
                && offset >= 0)) {
            throw new PickleStack.Refused("it has a tensor that is not written as libtorch writes it");
        }
        long end = Math.addExact(offset, 1);
        boolean isEmpty = false;
        for (int i = 0; i < sizes.size(); i++) {
            if (!(sizes.get(i) instanceof Long size && strides.get(i) instanceof Long stride)
                    || size < 0
                    || stride < 0) {
                throw new PickleStack.Refused("it has a tensor with sizes or strides that are no counts");
            }
            isEmpty |= size == 0;
            end = Math.addExact(end, Math.multiplyExact(Math.max(size - 1, 0), stride));
        }
        if (isEmpty ? offset > storage.count() : end > storage.count()) {
            throw new PickleStack.Refused("a tensor reaches to number " + end + " of a storage of " + storage.count());
        }
    }
}
