package dev.spindrift.udf.reference;

/** How token vectors become one, in the order in which sentence-transformers puts several of them side by side. */
public enum PoolingMode {
    CLS("cls", "pooling_mode_cls_token"),
    MAX("max", "pooling_mode_max_tokens"),
    MEAN("mean", "pooling_mode_mean_tokens"),
    MEAN_SQRT_LEN("mean_sqrt_len_tokens", "pooling_mode_mean_sqrt_len_tokens"),
    WEIGHTED_MEAN("weightedmean", "pooling_mode_weightedmean_tokens"),
    LAST_TOKEN("lasttoken", "pooling_mode_lasttoken");

    /** How {@code pooling_mode} in {@code 1_Pooling/config.json} names it, since sentence-transformers 6. */
    final String mode;
    /** The flag there that older ones set. */
    final String flag;

    PoolingMode(String mode, String flag) {
        this.mode = mode;
        this.flag = flag;
    }
}
