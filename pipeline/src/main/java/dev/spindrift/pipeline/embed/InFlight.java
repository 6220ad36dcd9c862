package dev.spindrift.pipeline.embed;

import dev.spindrift.pipeline.data.ChunkRow;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The texts whose vectors are under way, by embedding key, each with the chunks that wait for it; and which of them
 * the keyed state holds as they are here.
 */
final class InFlight {
    private final Map<String, List<ChunkRow>> waiting = new HashMap<>();
    private final Set<String> changed = new HashSet<>();
    private final Set<String> stored = new HashSet<>();
    private int chunks;

    /** Adds a chunk; true if its text was already under way. */
    boolean add(ChunkRow chunk) {
        List<ChunkRow> others = waiting.computeIfAbsent(chunk.embeddingKey(), key -> new ArrayList<>(1));
        others.add(chunk);
        changed.add(chunk.embeddingKey());
        chunks++;
        return others.size() > 1;
    }

    /** Adds the chunks of one key as the keyed state holds them. */
    void restore(String key, List<ChunkRow> restored) {
        waiting.put(key, new ArrayList<>(restored));
        stored.add(key);
        chunks += restored.size();
    }

    /** Takes out all chunks that wait for one key. */
    List<ChunkRow> take(String key) {
        List<ChunkRow> taken = waiting.remove(key);
        if (taken == null) {
            throw new IllegalStateException(
                    "Cannot finish embedding key " + key + ": it is not in flight. This is a bug; please report it.");
        }
        changed.remove(key);
        chunks -= taken.size();
        return taken;
    }

    /** Whether the keyed state held this key, which it then has to forget. */
    boolean forgetStored(String key) {
        return stored.remove(key);
    }

    /** The keys whose chunks the keyed state does not hold as they are; from now on it does. */
    List<String> takeChanged() {
        List<String> keys = List.copyOf(changed);
        stored.addAll(keys);
        changed.clear();
        return keys;
    }

    List<ChunkRow> chunksOf(String key) {
        return waiting.getOrDefault(key, List.of());
    }

    /** How many chunks wait. */
    int size() {
        return chunks;
    }
}
