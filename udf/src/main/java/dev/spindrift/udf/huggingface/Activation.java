package dev.spindrift.udf.huggingface;

/** A function applied to each number, as TorchScript text. */
enum Activation {
    IDENTITY("%s"),
    GELU("torch.gelu(%s, approximate=\"none\")"),
    GELU_TANH("torch.gelu(%s, approximate=\"tanh\")"),
    RELU("torch.relu(%s)"),
    SIGMOID("torch.sigmoid(%s)"),
    SILU("torch.silu(%s)"),
    TANH("torch.tanh(%s)");

    private final String text;

    Activation(String text) {
        this.text = text;
    }

    /** The expression that applies this to the tensor that {@code argument} names. */
    String of(String argument) {
        return text.formatted(argument);
    }

    /** By the name that transformers gives it in {@code hidden_act} and the like. */
    static Activation named(String name, String field) {
        return switch (name) {
            case "gelu" -> GELU;
            case "gelu_new", "gelu_fast", "gelu_pytorch_tanh" -> GELU_TANH;
            case "relu" -> RELU;
            case "silu", "swish" -> SILU;
            default ->
                throw new IllegalArgumentException("Cannot run this model: " + field + " is \"" + name
                        + "\", and only gelu, gelu_new, gelu_fast, gelu_pytorch_tanh, relu and silu are known.");
        };
    }
}
