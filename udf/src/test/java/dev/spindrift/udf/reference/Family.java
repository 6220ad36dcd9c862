package dev.spindrift.udf.reference;

/** The kinds of models that {@link TinyModel} makes. */
public enum Family {
    BERT,
    ROBERTA,
    XLM_ROBERTA,
    CAMEMBERT;

    TinyLayout layout() {
        return switch (this) {
            case BERT -> new TinyBert("bert", "BertModel", false);
            case ROBERTA -> new TinyBert("roberta", "RobertaModel", true);
            case XLM_ROBERTA -> new TinyBert("xlm-roberta", "XLMRobertaModel", true);
            case CAMEMBERT -> new TinyBert("camembert", "CamembertModel", true);
        };
    }

    TinyTokenizer tokenizer() {
        return switch (this) {
            case BERT -> TinyTokenizer.BERT;
            case ROBERTA -> TinyTokenizer.ROBERTA;
            case XLM_ROBERTA, CAMEMBERT -> TinyTokenizer.XLM_ROBERTA;
        };
    }
}
