package dev.spindrift.pipeline.evaluate;

import dev.spindrift.pipeline.warehouse.SearchableText;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * The distinct texts that questions are asked of, and whose they are.
 *
 * <p>A document is named by its id, or by its file name: the id's part behind the last {@code /}, without extension. A
 * file name that several documents bear stands for each of them.
 */
public final class Corpus {
    private static final int[] NONE = {};

    private final List<SearchableText> texts;
    private final Map<String, int[]> byName = new HashMap<>();

    public Corpus(List<SearchableText> texts) {
        this.texts = List.copyOf(texts);
        for (int i = 0; i < texts.size(); i++) {
            Set<String> names = new HashSet<>();
            for (String id : texts.get(i).documentIds()) {
                names.add(id);
                names.add(fileName(id));
            }
            int text = i;
            names.forEach(name -> byName.merge(name, new int[] {text}, Corpus::joined));
        }
    }

    public List<SearchableText> texts() {
        return texts;
    }

    /** Which texts, by their places in {@link #texts}, are of the documents of this name; none if there is no such. */
    int[] textsOf(String document) {
        return byName.getOrDefault(document, NONE);
    }

    /** The labels of {@code questions} that name no document here. */
    public Set<String> unknown(List<Question> questions) {
        Set<String> unknown = new TreeSet<>();
        questions.forEach(question -> unknown.addAll(question.documents()));
        unknown.removeAll(byName.keySet());
        return unknown;
    }

    private static String fileName(String id) {
        String last = id.substring(id.lastIndexOf('/') + 1);
        int dot = last.lastIndexOf('.');
        return dot > 0 ? last.substring(0, dot) : last;
    }

    private static int[] joined(int[] some, int[] one) {
        int[] all = Arrays.copyOf(some, some.length + one.length);
        System.arraycopy(one, 0, all, some.length, one.length);
        return all;
    }
}
