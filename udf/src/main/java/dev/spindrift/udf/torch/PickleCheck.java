package dev.spindrift.udf.torch;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
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
    private final List<Object> stack = new ArrayList<>();
    private final List<Integer> marks = new ArrayList<>();
    private final Map<Integer, Object> memo = new HashMap<>();

    private PickleCheck(byte[] pickle, ToLongFunction<String> storedBytes) {
        this.pickle = ByteBuffer.wrap(pickle).order(ByteOrder.LITTLE_ENDIAN);
        this.storedBytes = storedBytes;
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
        } catch (Refused e) {
            return e.why;
        } catch (BufferUnderflowException e) {
            return "it ends within an instruction";
        } catch (ArithmeticException e) {
            return "a tensor's size does not fit into 64 bits";
        }
    }

    /** Ends the walk; never leaves this class. */
    private static final class Refused extends RuntimeException {
        private static final long serialVersionUID = 1;

        private final String why;

        Refused(String why) {
            super(why, null, false, false);
            this.why = why;
        }
    }

    private void walk() {
        if (pickle.getShort() != 0x0280) {
            throw new Refused("it is not of protocol 2");
        }
        for (int opcode = next(); opcode != '.'; opcode = next()) {
            step(opcode);
        }
        if (stack.size() != 1 || !marks.isEmpty() || pickle.hasRemaining()) {
            throw new Refused("it does not end with one object");
        }
    }

    private int next() {
        return Byte.toUnsignedInt(pickle.get());
    }

    private void step(int opcode) {
        switch (opcode) {
            case '(' -> marks.add(stack.size());
            case 'K' -> push((long) next());
            case 'M' -> push((long) Short.toUnsignedInt(pickle.getShort()));
            case 'J' -> push((long) pickle.getInt());
            case 0x8a -> push(longInteger());
            case 'G' -> {
                pickle.getDouble();
                push(OTHER);
            }
            case 'X' -> push(text(Integer.toUnsignedLong(pickle.getInt())));
            case 0x8d -> push(text(pickle.getLong()));
            case 0x88, 0x89, 'N', '}', ']' -> push(OTHER);
            case ')' -> push(List.of());
            case 't' -> push(sinceMark());
            case 0x85, 0x86, 0x87 -> push(top(opcode - 0x84));
            case 'd', 'l' -> {
                sinceMark();
                push(OTHER);
            }
            case 'u', 'e' -> {
                sinceMark();
                push(pop());
            }
            case 'a' -> top(1);
            case 's' -> top(2);
            case 'q' -> memo.put(next(), peek());
            case 'r' -> memo.put(memoPlace(), peek());
            case 'h' -> push(remembered(next()));
            case 'j' -> push(remembered(pickle.getInt()));
            case 'c' -> push(global());
            case 0x81 -> pop();
            case 'b', 'R' -> call();
            case 'Q' -> push(storage());
            default -> throw new Refused("it has the opcode " + opcode + ", which libtorch does not know");
        }
    }

    private void push(Object value) {
        stack.add(value);
    }

    private Object pop() {
        return top(1).get(0);
    }

    private Object peek() {
        Object value = pop();
        push(value);
        return value;
    }

    /** Takes {@code count} values off. */
    private List<Object> top(int count) {
        int from = stack.size() - count;
        if (from < (marks.isEmpty() ? 0 : marks.get(marks.size() - 1))) {
            throw new Refused("it takes more values than there are");
        }
        List<Object> upper = stack.subList(from, stack.size());
        List<Object> taken = List.copyOf(upper);
        upper.clear();
        return taken;
    }

    private List<Object> sinceMark() {
        if (marks.isEmpty()) {
            throw new Refused("it takes more values than there are");
        }
        return top(stack.size() - marks.remove(marks.size() - 1));
    }

    private long longInteger() {
        if (next() != Long.BYTES) {
            throw new Refused("it has a number that is not of 8 bytes");
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

    /** libtorch keeps a table up to the greatest place, so a great one alone would take all memory. */
    private int memoPlace() {
        int place = pickle.getInt();
        if (place < 0 || place > pickle.capacity()) {
            throw new Refused("it remembers a value at the place " + Integer.toUnsignedLong(place));
        }
        return place;
    }

    private Object remembered(int place) {
        Object value = memo.get(place);
        if (value == null) {
            throw new Refused("it recalls a value that it did not remember");
        }
        return value;
    }

    private Global global() {
        String module = line();
        String name = line();
        String whole = module + "." + name;
        if (!STORAGES.containsKey(whole) && !whole.startsWith(OWN) && !GLOBALS.contains(whole)) {
            throw new Refused("it asks for " + (whole.length() > 200 ? whole.substring(0, 200) : whole)
                    + ", which is no part of TorchScript");
        }
        return new Global(whole);
    }

    private void call() {
        Object argument = pop();
        if (!(pop() instanceof Global function)) {
            throw new Refused("it calls what is no function");
        }
        if (function.name().startsWith("torch._utils._rebuild_")
                && !function.name().endsWith("_parameter")) {
            checkTensor(argument);
        }
        push(OTHER);
    }

    private Storage storage() {
        if (pop() instanceof List<?> parts
                && parts.size() == 5
                && "storage".equals(parts.get(0))
                && parts.get(1) instanceof Global kind
                && bytesOfNumber(kind) > 0
                && parts.get(2) instanceof String key
                && parts.get(4) instanceof Long count
                && count >= 0) {
            int size = bytesOfNumber(kind);
            if (count > 0 && Math.multiplyExact(count, size) > storedBytes.applyAsLong(key)) {
                throw new Refused("a storage of " + count + " numbers of " + size
                        + " bytes is larger than the file in the archive that holds it");
            }
            return new Storage(count);
        }
        throw new Refused("it has a storage that is not written as libtorch writes it");
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
            throw new Refused("it has a tensor that is not written as libtorch writes it");
        }
        long end = Math.addExact(offset, 1);
        boolean isEmpty = false;
        for (int i = 0; i < sizes.size(); i++) {
            if (!(sizes.get(i) instanceof Long size && strides.get(i) instanceof Long stride)
                    || size < 0
                    || stride < 0) {
                throw new Refused("it has a tensor with sizes or strides that are no counts");
            }
            isEmpty |= size == 0;
            end = Math.addExact(end, Math.multiplyExact(Math.max(size - 1, 0), stride));
        }
        if (isEmpty ? offset > storage.count() : end > storage.count()) {
            throw new Refused("a tensor reaches to number " + end + " of a storage of " + storage.count());
        }
    }
}
