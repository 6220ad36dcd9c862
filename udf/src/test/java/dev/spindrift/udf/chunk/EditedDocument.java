package dev.spindrift.udf.chunk;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

/** A document made up from a seed, and what one edit of it costs in chunk texts that were not there before. */
final class EditedDocument {
    private final Random random;
    private final Shape shape;
    private final List<String> paragraphs = new ArrayList<>();

    /**
     * What documents look like.
     *
     * @param least fewest words of a paragraph
     * @param most most words of a paragraph
     * @param headingEvery how many paragraphs lie under a heading; 0 for no headings
     * @param joint what stands between paragraphs: a blank line, or a space for one huge paragraph of sentences
     */
    record Shape(String name, int least, int most, int headingEvery, String joint, String alphabet) {}

    EditedDocument(Shape shape, Random random, int chunks) {
        this.shape = shape;
        this.random = random;
        int words = 0;
        while (words < chunks * 215) {
            String paragraph = paragraph();
            words += paragraph.split(" ").length;
            paragraphs.add(paragraph);
        }
    }

    List<Chunk> chunks(Chunker chunker) {
        return chunker.chunk(text(paragraphs), "text/markdown");
    }

    /** How many chunk texts one edit makes that {@code before} lacks. */
    int cost(Chunker chunker, Set<String> before) {
        Set<String> after = new HashSet<>();
        chunker.chunk(text(edited()), "text/markdown").forEach(chunk -> after.add(chunk.text()));
        after.removeAll(before);
        return after.size();
    }

    private List<String> edited() {
        List<String> edited = new ArrayList<>(paragraphs);
        int at = random.nextInt(paragraphs.size());
        switch (random.nextInt(5)) {
            case 0 -> edited.set(at, retyped(edited.get(at), 1));
            case 1 -> edited.set(at, retyped(edited.get(at), 5));
            case 2 -> edited.set(at, paragraph());
            case 3 -> edited.add(at, paragraph());
            default -> edited.remove(at);
        }
        return edited;
    }

    private String retyped(String paragraph, int words) {
        String[] all = paragraph.split(" ");
        for (int i = 0; i < words; i++) {
            int at = random.nextInt(all.length);
            all[at] = all[at].endsWith(".") ? word() + "." : all[at].startsWith("#") ? all[at] : word();
        }
        return String.join(" ", all);
    }

    private String text(List<String> from) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < from.size(); i++) {
            if (shape.headingEvery() > 0 && Math.floorMod(from.get(i).hashCode(), shape.headingEvery()) == 0) {
                text.append("## ").append(from.get(i), 0, 20).append("\n\n");
            }
            text.append(from.get(i)).append(shape.joint());
        }
        return text.toString();
    }

    private String paragraph() {
        int words = shape.least() + random.nextInt(shape.most() - shape.least() + 1);
        StringBuilder paragraph = new StringBuilder();
        for (int i = 0; i < words; i++) {
            paragraph.append(i == 0 ? "" : " ").append(word());
            if (i == words - 1 || random.nextInt(14) == 0) {
                paragraph.append('.');
                i++;
            }
        }
        return paragraph.toString();
    }

    private String word() {
        StringBuilder word = new StringBuilder();
        for (int i = 2 + random.nextInt(7); i > 0; i--) {
            word.append(shape.alphabet().charAt(random.nextInt(shape.alphabet().length())));
        }
        return word.toString();
    }
}
