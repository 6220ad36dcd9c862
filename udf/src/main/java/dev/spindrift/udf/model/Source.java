package dev.spindrift.udf.model;

import dev.spindrift.udf.huggingface.HubDownload;
import dev.spindrift.udf.huggingface.HubDownload.Progress;
import dev.spindrift.udf.torch.CacheFolder;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Where a model comes from, by the name a user gives: {@code builtin}, a directory, or a hub's id. */
sealed interface Source {

    /** What the model is called wherever it lies. */
    String name();

    /** What finds this very model again, anywhere and later. */
    String pinned();

    /** Where its files are, which are downloaded now if they have to be; null for the built-in model. */
    @Nullable
    Path directory(Progress progress);

    /** A directory is found before a hub's id that looks the same. */
    static Source of(String model) {
        if (model.equals(BuiltinModel.ID)) {
            return new Builtin();
        }
        int at = model.lastIndexOf('@');
        String id = at < 0 ? model : model.substring(0, at);
        if (Files.isDirectory(Path.of(model))) {
            return new Directory(Path.of(model).toAbsolutePath().normalize());
        }
        if (id.contains("/") && HubDownload.isId(id)) {
            return new Hub(id, at < 0 ? "" : model.substring(at + 1));
        }
        throw new IllegalArgumentException(
                "Cannot find model \"" + model + "\": there is no such directory, and it is no"
                        + " Hugging Face id (owner/name, or owner/name@revision). Give embed.model: " + BuiltinModel.ID
                        + ", a directory or an id.");
    }

    /** The model that needs no files. */
    record Builtin() implements Source {
        @Override
        public String name() {
            return BuiltinModel.ID;
        }

        @Override
        public String pinned() {
            return BuiltinModel.ID;
        }

        @Override
        public @Nullable Path directory(Progress progress) {
            return null;
        }
    }

    /** A model on this machine's disk. */
    record Directory(Path path) implements Source {
        @Override
        public String name() {
            Path last = path.getFileName();
            return last == null ? path.toString() : last.toString();
        }

        @Override
        public String pinned() {
            return path.toString();
        }

        @Override
        public Path directory(Progress progress) {
            return path;
        }
    }

    /** A model on a hub. */
    record Hub(String id, String revision) implements Source {
        @Override
        public String name() {
            return id;
        }

        @Override
        public String pinned() {
            return id + "@" + hub().resolve(id, revision);
        }

        @Override
        public Path directory(Progress progress) {
            return hub().get(id, revision, progress);
        }

        private static HubDownload hub() {
            return new HubDownload(System.getenv(), CacheFolder.resolve());
        }
    }
}
