package dev.spindrift.udf.reference;

/** How token vectors become one, in the order in which sentence-transformers puts several of them side by side. */
public enum PoolingMode {
    CLS("pooling_mode_cls_token"),
    MAX("pooling_mode_max_tokens"),
    MEAN("pooling_mode_mean_tokens"),
    MEAN_SQRT_LEN("pooling_mode_mean_sqrt_len_tokens"),
    WEIGHTED_MEAN("pooling_mode_weightedmean_tokens"),
    LAST_TOKEN("pooling_mode_lasttoken");

    /** The flag in {@code 1_Pooling/config.json}. */
    final String flag;

    PoolingMode(String flag) {
        this.flag = flag;
    }
}
