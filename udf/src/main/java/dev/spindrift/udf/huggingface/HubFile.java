package dev.spindrift.udf.huggingface;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * A file of a model on a hub.
 *
 * @param path below the model, with slashes
 * @param bytes its size
 * @param isLarge whether the hub keeps it outside of git, and so knows the SHA-256 of its content; of others it knows
 *     git's own hash
 * @param hash in hex
 */
record HubFile(String path, long bytes, boolean isLarge, String hash) {

    /** What is to be fed the content, to give {@link #hash}. */
    MessageDigest digest() {
        try {
            if (isLarge) {
                return MessageDigest.getInstance("SHA-256");
            }
            MessageDigest git = MessageDigest.getInstance("SHA-1");
            git.update(("blob " + bytes + "\0").getBytes(StandardCharsets.UTF_8));
            return git;
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Cannot hash: this Java lacks SHA-256 or SHA-1.", e);
        }
    }
}
