package dev.spindrift.udf.torch;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * An object of a TorchScript class, with the value of every attribute that the class declares.
 *
 * @param type the class below {@code __torch__}, such as {@code Encoder} or {@code nested.Layer}
 * @param attributes name to value in order: {@link ScriptTensor}, {@link ScriptModule}, {@link Boolean},
 *     {@link Long}, {@link Double},
 *     {@link String} or {@link #NONE}
 */
public record ScriptModule(String type, Map<String, Object> attributes) {

    /** The value of an optional attribute that has none. */
    public static final Object NONE = new Object();

    public ScriptModule {
        attributes = Collections.unmodifiableMap(new LinkedHashMap<>(attributes));
    }
}
