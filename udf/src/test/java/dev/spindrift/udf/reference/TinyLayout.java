package dev.spindrift.udf.reference;

import com.google.gson.JsonObject;
import java.util.List;

/** What the checkpoints of a family of models hold. */
interface TinyLayout {

    /** The whole config.json of a model of this family and these sizes, with the fields that real ones have. */
    JsonObject config(TinySizes sizes);

    /** The tensors of a model with this config.json, named without a prefix. */
    List<TinyTensor> tensors(JsonObject config);
}
