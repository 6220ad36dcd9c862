package dev.spindrift.udf.huggingface;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Models from a hub, each downloaded once into a cache folder that any number of JVMs may share:
 * {@code <cache>/hub/<owner>--<name>/<commit>/}.
 *
 * <p>What stands under that name is whole: files arrive in a folder beside it, which is renamed when the last one has
 * been checked. A branch or tag is asked for once, and the commit it stood at is kept beside, in the file
 * {@code .refs/<revision>}, so that a model does not change under a running system; delete that file to ask again. A
 * folder with the name of the revision itself, put there by hand, is used as it is.
 */
public final class HubDownload {
    private static final Pattern ID = Pattern.compile("(?:[A-Za-z0-9][A-Za-z0-9._-]*/)?[A-Za-z0-9][A-Za-z0-9._-]*");
    private static final Pattern REVISION = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._/-]*");
    private static final String MAIN = "main";
    private static final Duration LONGEST_SILENCE = Duration.ofSeconds(60);

    /** Told how a download goes on. */
    public interface Progress {

        /**
         * Some bytes have come.
         *
         * @param file the one they belong to
         * @param done how many bytes of the model are there
         * @param total how many it has
         */
        void at(String file, long done, long total);
    }

    private final HubEnvironment environment;
    private final Path cache;
    private final Patience.Pause pause;
    private final Duration longestSilence;
    private final HubHttp http;
    private final HubApi api;

    /**
     * Prepares downloads into {@code cache}, which need not be there.
     *
     * @param environment variables: {@code HF_ENDPOINT}, {@code HF_TOKEN}, {@code HF_TOKEN_PATH}, {@code HF_HOME},
     *     {@code HF_HUB_OFFLINE}, {@code HTTPS_PROXY}, {@code HTTP_PROXY} and {@code NO_PROXY}
     */
    public HubDownload(Map<String, String> environment, Path cache) {
        this(environment, cache, time -> Thread.sleep(time.toMillis()), LONGEST_SILENCE);
    }

    HubDownload(Map<String, String> environment, Path cache, Patience.Pause pause, Duration longestSilence) {
        this.environment = HubEnvironment.read(environment);
        this.cache = cache.toAbsolutePath().normalize();
        this.pause = pause;
        this.longestSilence = longestSilence;
        this.http = new HubHttp(this.environment);
        this.api = new HubApi(http, pause);
    }

    /** Whether {@code text} is what a model may be called on a hub, such as {@code owner/name}. */
    public static boolean isId(String text) {
        return ID.matcher(text).matches() && !text.contains("..") && !text.contains("--");
    }

    /**
     * The directory of a model, downloaded now unless the cache has it.
     *
     * @param id such as {@code sentence-transformers/all-MiniLM-L6-v2}
     * @param revision a branch, tag or commit; empty for the main branch
     * @throws IllegalArgumentException if the hub has no such model or does not show it to us
     * @throws UncheckedIOException if the network or the disk fails
     */
    public Path get(String id, String revision, Progress progress) {
        String wanted = checked(id, revision);
        try {
            Path placed = folder(id).resolve(folderName(wanted));
            if (Files.isDirectory(placed)) {
                return placed;
            }
            String commit = resolve(id, wanted);
            Path directory = folder(id).resolve(commit);
            return Files.isDirectory(directory) ? directory : download(id, commit, directory, progress);
        } catch (HubAnswerException e) {
            throw e.about(described(id, wanted), !environment.token().isEmpty());
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "Cannot download " + described(id, wanted) + ": " + e.getMessage() + ". " + placeByHand(id, wanted),
                    e);
        }
    }

    /** The commit that {@code revision} stands for: itself, or what the cache or else the hub says. */
    public String resolve(String id, String revision) {
        String wanted = checked(id, revision);
        if (HubApi.COMMIT.matcher(wanted).matches()) {
            return wanted;
        }
        Path record = folder(id).resolve(".refs").resolve(folderName(wanted));
        try {
            String known = Files.exists(record) ? Files.readString(record).strip() : "";
            if (HubApi.COMMIT.matcher(known).matches()) {
                return known;
            }
            refuseOffline(id);
            String commit = api.commit(id, wanted);
            Files.createDirectories(record.getParent());
            Path draft = Files.writeString(Files.createTempFile(record.getParent(), "ref", ".draft"), commit);
            Files.move(draft, record, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            return commit;
        } catch (HubAnswerException e) {
            throw e.about(described(id, wanted), !environment.token().isEmpty());
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "Cannot find out the commit of " + described(id, wanted) + ": " + e.getMessage() + ". "
                            + placeByHand(id, wanted),
                    e);
        }
    }

    private Path download(String id, String commit, Path directory, Progress progress) throws IOException {
        refuseOffline(id);
        Files.createDirectories(folder(id));
        // One at a time in this JVM, whose file locks do not hold among its own threads, and one among all JVMs.
        synchronized (HubDownload.class) {
            try (FileChannel channel = FileChannel.open(
                            folder(id).resolve(".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                    FileLock lock = channel.lock()) {
                if (lock.isValid() && !Files.isDirectory(directory)) {
                    Path arriving = folder(id).resolve(".arriving-" + commit);
                    download(id, commit, api.files(id, commit), arriving, progress);
                    Files.move(arriving, directory, StandardCopyOption.ATOMIC_MOVE);
                }
            }
        }
        return directory;
    }

    private void download(String id, String commit, List<HubFile> files, Path arriving, Progress progress)
            throws IOException {
        Files.createDirectories(arriving);
        long total = files.stream().mapToLong(HubFile::bytes).sum();
        long done = 0;
        for (HubFile file : files) {
            long before = done;
            refuseLackOfSpace(arriving, file);
            String url = "/" + id + "/resolve/" + commit + "/" + file.path();
            new FileDownload(
                            http,
                            url,
                            file,
                            arriving,
                            longestSilence,
                            bytes -> progress.at(file.path(), before + bytes, total))
                    .run(new Patience(pause));
            done += file.bytes();
            progress.at(file.path(), done, total);
        }
    }

    private static void refuseLackOfSpace(Path folder, HubFile file) throws IOException {
        Path target = folder.resolve(file.path());
        Path draft = folder.resolve(file.path() + ".draft");
        long there = Files.exists(target) ? file.bytes() : Files.exists(draft) ? Files.size(draft) : 0;
        long free = Files.getFileStore(folder).getUsableSpace();
        if (file.bytes() - there > free) {
            throw new UncheckedIOException(
                    "Cannot download " + file.path() + ": it needs " + (file.bytes() - there) + " bytes, and " + folder
                            + " has " + free + ". Free space there or use another cache folder.",
                    new IOException("no space left"));
        }
    }

    private void refuseOffline(String id) throws IOException {
        if (environment.offline()) {
            throw new IOException("HF_HUB_OFFLINE is set, and it is not in " + folder(id));
        }
    }

    private String placeByHand(String id, String revision) {
        return "Try again with a network, or place the model's config.json, tokenizer.json and model.safetensors (or"
                + " model.safetensors.index.json and the files it names), and of the following what it has:"
                + " tokenizer_config.json, modules.json, config_sentence_transformers.json, sentence_bert_config.json"
                + " and the folders 1_Pooling, 2_Dense and so on, in "
                + folder(id).resolve(folderName(revision)) + ".";
    }

    private static String checked(String id, String revision) {
        String wanted = revision.isBlank() ? MAIN : revision;
        if (!isId(id)) {
            throw new IllegalArgumentException("Cannot download \"" + id
                    + "\": that is no model's id. Give one such as sentence-transformers/all-MiniLM-L6-v2.");
        }
        if (!REVISION.matcher(wanted).matches() || wanted.contains("..")) {
            throw new IllegalArgumentException(
                    "Cannot download " + id + ": \"" + wanted + "\" is no branch, tag or commit.");
        }
        return wanted;
    }

    private static String described(String id, String revision) {
        return id + " (" + revision + ")";
    }

    private Path folder(String id) {
        return cache.resolve("hub").resolve(id.replace("/", "--"));
    }

    private static String folderName(String revision) {
        return revision.replace("/", "--");
    }
}
