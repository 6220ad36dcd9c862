package dev.spindrift.udf.torch;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The values that a pickle's instructions work on: a stack with marks in it, and places that values are kept at. */
final class PickleStack {

    /** An instruction that no reader should follow. */
    static final class Refused extends RuntimeException {
        private static final long serialVersionUID = 1;

        final String why;

        Refused(String why) {
            super(why, null, false, false);
            this.why = why;
        }
    }

    private final int greatestPlace;
    private final List<Object> values = new ArrayList<>();
    private final List<Integer> marks = new ArrayList<>();
    private final Map<Integer, Object> kept = new HashMap<>();

    PickleStack(int greatestPlace) {
        this.greatestPlace = greatestPlace;
    }

    /** Whether there is one value and no mark. */
    boolean holdsOne() {
        return values.size() == 1 && marks.isEmpty();
    }

    void push(Object value) {
        values.add(value);
    }

    Object pop() {
        return top(1).get(0);
    }

    /** Takes the upper {@code count} values off, the uppermost last. None may lie below a mark. */
    List<Object> top(int count) {
        int from = values.size() - count;
        if (from < (marks.isEmpty() ? 0 : marks.get(marks.size() - 1))) {
            throw new Refused("it takes more values than there are");
        }
        List<Object> upper = values.subList(from, values.size());
        List<Object> taken = List.copyOf(upper);
        upper.clear();
        return taken;
    }

    void mark() {
        marks.add(values.size());
    }

    /** Takes off the values above the last mark, and it. */
    List<Object> sinceMark() {
        if (marks.isEmpty()) {
            throw new Refused("it takes more values than there are");
        }
        return top(values.size() - marks.remove(marks.size() - 1));
    }

    /** Keeps the uppermost value at {@code place}. */
    void remember(int place) {
        if (place < 0 || place > greatestPlace) {
            throw new Refused("it remembers a value at the place " + Integer.toUnsignedLong(place));
        }
        Object value = pop();
        push(value);
        kept.put(place, value);
    }

    /** Pushes what is kept at {@code place}. */
    void recall(int place) {
        Object value = kept.get(place);
        if (value == null) {
            throw new Refused("it recalls a value that it did not remember");
        }
        push(value);
    }
}
