package dev.spindrift.udf.reference;

/** The kinds of models that {@link TinyModel} makes and {@link ReferenceEncoder} computes. */
public enum Family {
    BERT,
    ROBERTA,
    XLM_ROBERTA,
    CAMEMBERT,
    MPNET,
    NOMIC_BERT,
    /** The same with the config.json that transformers 5 writes. */
    NOMIC_BERT_5,
    /** {@code model_type} "new". */
    GTE,
    MODERNBERT,
    QWEN3,
    DISTILBERT;

    TinyLayout layout() {
        return switch (this) {
            case BERT -> new TinyBert("bert", "BertModel", false);
            case ROBERTA -> new TinyBert("roberta", "RobertaModel", true);
            case XLM_ROBERTA -> new TinyBert("xlm-roberta", "XLMRobertaModel", true);
            case CAMEMBERT -> new TinyBert("camembert", "CamembertModel", true);
            case MPNET -> new TinyMpnet();
            case NOMIC_BERT -> new TinyNomicBert();
            case NOMIC_BERT_5 -> new TinyNomicBert5();
            case GTE -> new TinyGte();
            case MODERNBERT -> new TinyModernBert();
            case QWEN3 -> new TinyQwen3();
            case DISTILBERT -> new TinyDistilbert();
        };
    }

    TinyTokenizer tokenizer() {
        return switch (this) {
            case BERT, NOMIC_BERT, NOMIC_BERT_5, GTE, DISTILBERT -> TinyTokenizer.BERT;
            case ROBERTA -> TinyTokenizer.ROBERTA;
            case XLM_ROBERTA, CAMEMBERT -> TinyTokenizer.XLM_ROBERTA;
            case MPNET -> TinyTokenizer.MPNET;
            case MODERNBERT -> TinyTokenizer.MODERNBERT;
            case QWEN3 -> TinyTokenizer.QWEN;
        };
    }

    /** The pooling that most models of this family are used with. */
    PoolingMode pooling() {
        return this == QWEN3 ? PoolingMode.LAST_TOKEN : PoolingMode.MEAN;
    }
}
