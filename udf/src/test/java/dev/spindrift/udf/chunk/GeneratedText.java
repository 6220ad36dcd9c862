package dev.spindrift.udf.chunk;

import java.util.Random;

/** Texts made up from a seed, in many scripts and out of everything that breaks text handling. */
final class GeneratedText {
    private static final String[] ALPHABETS = {
        "abcdefghijklmnopqrstuvwxyzéñüß",
        "абвгдежзийклмнопрстуфхцчшщъыьэюяё",
        "αβγδεζηθικλμνξοπρστυφχψωάέ",
        "ابتثجحخدذرزسشصضطظعغفقكلمنهوي",
        "אבגדהוזחטיכלמנסעפצקרשת",
        "कखगघचछजझटठडढणतथदधनपफबभमयरलवशषसह",
        "กขคงจฉชซญดตถทธนบปผพฟภมยรลวสหอ",
        "漢字仮名交文章検索東京大学研究",
        "가나다라마바사아자차카타파하한국어",
    };

    private static final String[] MARKS = {
        "\u0301", "\u0308", "\u093E", "\u094D", "\u0E34", "\u0E49", "\u064E", "\u05B8", "\uFE0F"
    };

    private static final String[] ODD = {
        "\uD83D\uDC69\u200D\uD83D\uDC69\u200D\uD83D\uDC67\u200D\uD83D\uDC66",
        "\uD83C\uDDE9\uD83C\uDDEA",
        "\uD83D\uDC4D\uD83C\uDFFD",
        "\uD83C\uDFF3\uFE0F\u200D\uD83C\uDF08",
        "1\uFE0F\u20E3",
        "\u200B",
        "\u200D",
        "\u0000",
        "\uFEFF",
        "\u00A0",
        "\u3000",
        "e\u0301\u0302\u0303",
        "\u1100\u1161\u11A8",
        "\uD834\uDD1E",
        "\u2028",
        "\u202E",
        "\u0600",
        "\u0E33",
    };

    private static final String[] BREAKS = {"\n", "\r\n", "\r", "\n\n", "\r\n\r\n", "\n \n", "\n\n\n\n"};

    private static final String[] MARKDOWN = {
        "# ",
        "## ",
        "###### ",
        "#",
        "####### no\n",
        "Title\n===\n",
        "Other\n---\n",
        "```\n",
        "~~~~\n",
        "```java\n# no\n\n# no\n```\n",
        "- ",
        "1. ",
        "> ",
        "| a | b |\n|---|---|\n",
        "    code\n",
        "---\n",
        "***\n",
        "<!--\n# no\n-->\n",
        "\\",
        "# closed ##\n",
        "\t",
    };

    private static final String[] STOPS = {". ", "! ", "? ", ".", "。", "। ", "؟ ", "… ", ".\" ", " e.g. ", ", "};

    private GeneratedText() {}

    static String of(Random random) {
        StringBuilder text = new StringBuilder();
        int parts = random.nextInt(random.nextInt(20) == 0 ? 4000 : 400);
        int script = random.nextInt(ALPHABETS.length);
        int oddity = random.nextInt(40) + 2;
        for (int i = 0; i < parts; i++) {
            if (random.nextInt(oddity) > 0) {
                word(random, ALPHABETS[random.nextInt(12) == 0 ? random.nextInt(ALPHABETS.length) : script], text);
                text.append(random.nextInt(8) == 0 ? pick(random, STOPS) : random.nextInt(30) == 0 ? "" : " ");
            } else {
                odd(random, text);
            }
        }
        return text.toString();
    }

    private static void odd(Random random, StringBuilder text) {
        switch (random.nextInt(7)) {
            case 0 -> text.append(pick(random, ODD).repeat(1 + random.nextInt(random.nextInt(8) == 0 ? 60 : 3)));
            case 1, 2 -> text.append(pick(random, BREAKS));
            case 3, 4 -> text.append(pick(random, BREAKS)).append(pick(random, MARKDOWN));
            case 5 -> text.append(" ".repeat(random.nextInt(random.nextInt(8) == 0 ? 300 : 5)));
            default -> {
                for (int i = random.nextInt(random.nextInt(8) == 0 ? 900 : 30); i > 0; i--) {
                    text.append((char) ('!' + random.nextInt(90)));
                }
            }
        }
    }

    private static void word(Random random, String alphabet, StringBuilder text) {
        for (int i = 1 + random.nextInt(9); i > 0; i--) {
            text.append(alphabet.charAt(random.nextInt(alphabet.length())));
            if (random.nextInt(25) == 0) {
                text.append(pick(random, MARKS));
            }
        }
    }

    private static String pick(Random random, String[] from) {
        return from[random.nextInt(from.length)];
    }
}
