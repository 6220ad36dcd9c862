package dev.spindrift.udf.huggingface;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What a hub says of its models. */
final class HubApi {
    static final Pattern COMMIT = Pattern.compile("[0-9a-f]{40}");

    private static final int MOST_BYTES = 4 << 20;
    private static final int MOST_PAGES = 100;

    /** What is read of a model: never code, nor weights in another format than safetensors. */
    private static final Pattern NEEDED = Pattern.compile("(?:[0-9]+_[A-Za-z]+/)?(?:config\\.json|tokenizer\\.json"
            + "|tokenizer_config\\.json|special_tokens_map\\.json|modules\\.json|config_sentence_transformers\\.json"
            + "|sentence_[a-z-]+_config\\.json|model\\.safetensors|model\\.safetensors\\.index\\.json"
            + "|model-[0-9]+-of-[0-9]+\\.safetensors)");

    /** Weights in several files, which are left out where the same folder has them in one. */
    private static final Pattern SHARDED = Pattern.compile("(.*/)?model(?:\\.safetensors\\.index\\.json|-.*)");

    private static final Pattern NEXT = Pattern.compile("<([^>]*)>\\s*;\\s*rel=\"next\"");

    private final HubHttp http;
    private final Patience.Pause pause;

    HubApi(HubHttp http, Patience.Pause pause) {
        this.http = http;
        this.pause = pause;
    }

    /** The commit that a branch or tag stands at. */
    String commit(String model, String revision) throws IOException {
        String path = "/api/models/" + model + "/revision/" + encoded(revision);
        String commit = Settings.parse("the hub's answer", page(() -> http.get(path, 0)).content)
                .string("sha");
        if (!COMMIT.matcher(commit).matches()) {
            throw new IOException("the hub calls " + SafetensorsHeader.quoted(commit) + " a commit");
        }
        return commit;
    }

    /**
     * The files of a model that are read here.
     *
     * @throws IllegalArgumentException if one is missing without which no model can be read
     */
    List<HubFile> files(String model, String commit) throws IOException {
        List<HubFile> files = new ArrayList<>();
        List<String> paths = new ArrayList<>();
        String first = "/api/models/" + model + "/tree/" + commit + "?recursive=true";
        Page page = page(() -> http.get(first, 0));
        for (int pages = 1; ; pages++) {
            for (Settings entry : Settings.parseList("the hub's answer", page.content)) {
                paths.add(entry.string("path"));
                if (entry.string("type", "file").equals("file")
                        && NEEDED.matcher(entry.string("path")).matches()) {
                    files.add(file(entry));
                }
            }
            if (page.next.isEmpty()) {
                break;
            }
            if (pages == MOST_PAGES) {
                throw new IOException("the hub's list of files does not end");
            }
            URI next = page.next.get();
            page = page(() -> http.get(next, 0));
        }
        check(model, paths);
        return files.stream().filter(file -> isWanted(file.path(), paths)).toList();
    }

    private static HubFile file(Settings entry) {
        String path = entry.string("path");
        return entry.has("lfs")
                ? new HubFile(
                        path,
                        entry.object("lfs").longInteger("size"),
                        true,
                        entry.object("lfs").string("oid"))
                : new HubFile(path, entry.longInteger("size"), false, entry.string("oid"));
    }

    private static boolean isWanted(String path, List<String> all) {
        Matcher sharded = SHARDED.matcher(path);
        if (!sharded.matches()) {
            return true;
        }
        String folder = sharded.group(1) == null ? "" : sharded.group(1);
        return !all.contains(folder + Weights.FILE);
    }

    private static void check(String model, List<String> paths) {
        if (paths.stream().noneMatch(path -> path.endsWith(Weights.FILE) || path.endsWith(Weights.INDEX))) {
            throw new IllegalArgumentException("Cannot download " + model
                    + ": it has no weights in safetensors files, and pickled ones are never opened. Choose another"
                    + " revision or model, or save it with safe_serialization=True and give the directory.");
        }
        for (String name : List.of("config.json", "tokenizer.json")) {
            if (paths.stream().noneMatch(path -> path.equals(name) || path.matches("0_[A-Za-z]+/" + name))) {
                throw new IllegalArgumentException("Cannot download " + model + ": it has no " + name
                        + ". Choose another model, or save it with transformers and give the directory.");
            }
        }
    }

    /**
     * A part of an answer in pages.
     *
     * @param next where the next part is
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Page(byte[] content, Optional<URI> next) {}

    private Page page(Patience.Attempt<HttpResponse<InputStream>> request) throws IOException {
        return new Patience(pause).until(() -> {
            HttpResponse<InputStream> answer = request.run();
            try (InputStream body = answer.body()) {
                byte[] content = body.readNBytes(MOST_BYTES);
                if (content.length == MOST_BYTES) {
                    throw new IOException("the hub's answer does not end");
                }
                Stream<String> links = answer.headers().allValues("Link").stream();
                return new Page(
                        content,
                        links.map(NEXT::matcher)
                                .filter(Matcher::find)
                                .map(link -> answer.uri().resolve(link.group(1)))
                                .findFirst());
            }
        });
    }

    static String encoded(String segment) {
        return URLEncoder.encode(segment, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
