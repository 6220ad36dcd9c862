package dev.spindrift.udf.huggingface;

import java.nio.file.Path;

/** Downloads the local hub's model into the folder that is the argument, in a process of its own. */
final class DownloadOnce {
    private DownloadOnce() {}

    public static void main(String[] arguments) {
        System.out.println(new HubDownload(System.getenv(), Path.of(arguments[0]))
                .get(LocalHub.MODEL, "", (file, done, total) -> {}));
    }
}
