package dev.spindrift.udf.huggingface;

/** What is said of a file of a model that cannot be used as it is. */
final class UnreadableFile {
    static final String DOWNLOAD_AGAIN = "Download the file again, or save the model again";

    private UnreadableFile() {}

    /**
     * "Cannot read file: why. Way out."
     *
     * @param file its path, or what stands for it
     */
    static IllegalArgumentException refused(Object file, String why, String wayOut) {
        return new IllegalArgumentException(message(file, why, wayOut));
    }

    static String message(Object file, String why, String wayOut) {
        return "Cannot read " + file + ": " + why + ". " + wayOut + ".";
    }
}
