package dev.spindrift.local.warehouse.stage;

import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.file.Files;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Uploads that come in parts, until they are completed or given up. */
final class Uploads {
    private final FolderStages stages;
    private final Map<String, Upload> open = new ConcurrentHashMap<>();

    Uploads(FolderStages stages) {
        this.stages = stages;
    }

    private record Upload(
            String stage,
            String path,
            Map<String, String> metadata,
            Instant begun,
            Map<Integer, FolderStages.Arrival> parts) {}

    String begin(String stage, String path, Map<String, String> metadata) {
        String id = UUID.randomUUID().toString();
        open.put(id, new Upload(stage, path, metadata, Instant.now(), new TreeMap<>()));
        return id;
    }

    void part(Map<String, String> query, String stage, String path, FolderStages.Arrival arrival) throws IOException {
        FolderStages.Arrival before;
        try {
            Upload upload = find(query.getOrDefault("uploadId", ""), stage, path);
            int number = Integer.parseInt(query.getOrDefault("partNumber", ""));
            synchronized (upload) {
                before = upload.parts().put(number, arrival);
            }
        } catch (NumberFormatException e) {
            stages.discard(arrival);
            throw new S3Failure(400, "InvalidArgument", "A part has no number");
        } catch (S3Failure e) {
            stages.discard(arrival);
            throw e;
        }
        if (before != null) {
            stages.discard(before);
        }
    }

    /** Joins the named parts into the file; its digest. */
    String complete(String id, String stage, String path, List<Integer> numbers) throws IOException {
        Upload upload = find(id, stage, path);
        synchronized (upload) {
            List<FolderStages.Arrival> parts = new ArrayList<>();
            for (Integer number : numbers) {
                FolderStages.Arrival part = upload.parts().get(number);
                if (part == null) {
                    throw new S3Failure(400, "InvalidPart", "Part " + number + " was never uploaded");
                }
                parts.add(part);
            }
            FolderStages.Arrival whole = join(parts);
            stages.publish(stage, path, whole, upload.metadata());
            open.remove(id);
            discardParts(upload);
            return whole.md5();
        }
    }

    void abort(String id, String stage, String path) throws IOException {
        Upload upload = find(id, stage, path);
        open.remove(id);
        synchronized (upload) {
            discardParts(upload);
        }
    }

    /** Gives up what began before a moment. */
    void sweep(Instant before) throws IOException {
        for (Map.Entry<String, Upload> entry : List.copyOf(open.entrySet())) {
            Upload upload = entry.getValue();
            if (upload.begun().isBefore(before)) {
                open.remove(entry.getKey());
                synchronized (upload) {
                    discardParts(upload);
                }
            }
        }
    }

    private Upload find(String id, String stage, String path) {
        @Nullable Upload upload = open.get(id);
        if (upload == null || !upload.stage().equals(stage) || !upload.path().equals(path)) {
            throw new S3Failure(404, "NoSuchUpload", "There is no such upload");
        }
        return upload;
    }

    private FolderStages.Arrival join(List<FolderStages.Arrival> parts) throws IOException {
        List<InputStream> contents = new ArrayList<>();
        try {
            for (FolderStages.Arrival part : parts) {
                contents.add(Files.newInputStream(part.file()));
            }
            return stages.receive(new SequenceInputStream(Collections.enumeration(contents)));
        } finally {
            for (InputStream content : contents) {
                content.close();
            }
        }
    }

    private void discardParts(Upload upload) throws IOException {
        for (FolderStages.Arrival part : upload.parts().values()) {
            stages.discard(part);
        }
    }
}
