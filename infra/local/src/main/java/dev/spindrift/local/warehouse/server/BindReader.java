package dev.spindrift.local.warehouse.server;

import com.fasterxml.jackson.databind.JsonNode;
import dev.spindrift.local.warehouse.engine.Bind;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The binds of a request: {@code {"1": {"type": "FIXED", "value": "42"}, ...}}, or a list of values per bind. */
final class BindReader {
    private BindReader() {}

    static List<Bind> read(JsonNode bindings) {
        List<Bind> binds = new ArrayList<>();
        for (int i = 1; bindings.has(Integer.toString(i)); i++) {
            JsonNode bind = bindings.get(Integer.toString(i));
            JsonNode value = bind.path("value");
            List<@Nullable String> values = new ArrayList<>();
            if (value.isArray()) {
                value.forEach(element -> values.add(text(element)));
            } else {
                values.add(text(value));
            }
            binds.add(new Bind(bind.path("type").asText("ANY"), Collections.unmodifiableList(values), value.isArray()));
        }
        if (binds.size() != bindings.size()) {
            throw ProtocolFailure.malformed("its binds are not numbered from 1");
        }
        return List.copyOf(binds);
    }

    private static @Nullable String text(JsonNode value) {
        return value.isNull() || value.isMissingNode() ? null : value.asText();
    }
}
