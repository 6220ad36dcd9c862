package dev.spindrift.udf.lexical;

/**
 * Strips the endings of English words, so that {@code committing}, {@code commits} and {@code committed} meet.
 *
 * <p>Lighter than Porter's: one plural, one ending of a verb, one of a derived word, then a silent e. It may well make
 * a stem that is no word; it only has to make the same one. Words of other alphabets pass unchanged.
 */
final class Stem {
    private static final String[] DERIVED = {
        "ization", "ational", "ation", "ator", "ate", "ment", "ness", "able", "ible", "ion", "er", "or", "ly", "al"
    };
    private static final int SHORTEST = 4;

    private Stem() {}

    /** The stem of {@code word}, which is in lower case. */
    static String of(String word) {
        if (word.length() < SHORTEST || !isEnglish(word)) {
            return word;
        }
        String stem = withoutSilentE(withoutDerived(withoutVerbal(withoutPlural(word))));
        return stem.length() < 3 ? word : stem;
    }

    private static boolean isEnglish(String word) {
        for (int i = 0; i < word.length(); i++) {
            if (word.charAt(i) < 'a' || word.charAt(i) > 'z') {
                return false;
            }
        }
        return true;
    }

    private static String withoutPlural(String word) {
        if (word.endsWith("ies") && word.length() > 4) {
            return cut(word, 3) + "y";
        }
        if (word.endsWith("sses") || word.endsWith("xes") || word.endsWith("ches") || word.endsWith("shes")) {
            return cut(word, 2);
        }
        boolean plural = word.endsWith("s") && !word.endsWith("ss") && !word.endsWith("us") && !word.endsWith("is");
        return plural ? cut(word, 1) : word;
    }

    private static String withoutVerbal(String word) {
        String rest = word.endsWith("ing") ? cut(word, 3) : word.endsWith("ed") ? cut(word, 2) : word;
        if (rest.equals(word) || rest.length() < 3 || !hasVowel(rest)) {
            return word;
        }
        char last = rest.charAt(rest.length() - 1);
        boolean doubled = last == rest.charAt(rest.length() - 2) && "bdgmnprt".indexOf(last) >= 0;
        if (doubled) {
            return cut(rest, 1);
        }
        // So that "replicated" loses what "replicate" will.
        return rest.endsWith("at") ? rest + "e" : rest;
    }

    private static String withoutDerived(String word) {
        for (String ending : DERIVED) {
            if (word.endsWith(ending) && word.length() - ending.length() >= SHORTEST) {
                return cut(word, ending.length());
            }
        }
        return word;
    }

    private static String withoutSilentE(String word) {
        return word.endsWith("e") && word.length() > 3 ? cut(word, 1) : word;
    }

    private static boolean hasVowel(String word) {
        for (int i = 0; i < word.length(); i++) {
            if ("aeiouy".indexOf(word.charAt(i)) >= 0) {
                return true;
            }
        }
        return false;
    }

    private static String cut(String word, int letters) {
        return word.substring(0, word.length() - letters);
    }
}
