package dev.spindrift.local.warehouse.server;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spindrift.local.warehouse.engine.SqlFailure;
import dev.spindrift.local.warehouse.engine.StatementResult;
import dev.spindrift.local.warehouse.engine.StatementType;
import dev.spindrift.local.warehouse.stage.StageFace;
import dev.spindrift.local.warehouse.stage.StageGrants;
import dev.spindrift.local.warehouse.stage.StageStore;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/** The answers to PUT and GET: where the driver finds the stage, and with which credentials. */
final class StageReplies {
    private static final int MULTIPART_FROM = 64 << 20;

    private final StageStore stages;
    private final StageGrants grants;

    StageReplies(StageStore stages, StageGrants grants) {
        this.stages = stages;
        this.grants = grants;
    }

    ObjectNode upload(StatementResult.Put put, String session, String address) throws IOException {
        String path = put.path().isEmpty() || put.path().endsWith("/") ? put.path() : put.path() + "/";
        ObjectNode data = transfer("UPLOAD", StatementType.PUT, put.localFiles(), put.parallel());
        data.put("autoCompress", put.autoCompress());
        data.put("overwrite", put.overwrite());
        data.put("sourceCompression", put.sourceCompression());
        StageGrants.Grant grant = grants.give(session, put.stage(), path, true);
        data.set("stageInfo", stageInfo(StageFace.location(put.stage(), path), grant, address));
        return data;
    }

    ObjectNode download(StatementResult.Get get, String session, String address) throws IOException {
        List<String> files = matching(get);
        ObjectNode data = transfer("DOWNLOAD", StatementType.GET, files, get.parallel());
        data.put("localLocation", get.localFolder());
        StageGrants.Grant grant = grants.give(session, get.stage(), "", false);
        data.set("stageInfo", stageInfo(StageFace.location(get.stage(), ""), grant, address));
        return data;
    }

    /** The files that a GET names: one of exactly that path, else all in the folder of that name. */
    private List<String> matching(StatementResult.Get get) throws IOException {
        String path = get.path();
        Pattern pattern = compile(get.pattern());
        String folder = path.isEmpty() || path.endsWith("/") ? path : path + "/";
        List<String> files = new ArrayList<>();
        for (StageStore.StagedFile file : stages.list(get.stage(), path)) {
            boolean named = file.path().equals(path) || file.path().startsWith(folder);
            if (named && (pattern == null || pattern.matcher(file.path()).matches())) {
                files.add(file.path());
            }
        }
        return files;
    }

    private static @Nullable Pattern compile(@Nullable String pattern) {
        try {
            return pattern == null ? null : Pattern.compile(pattern);
        } catch (PatternSyntaxException e) {
            throw new SqlFailure(
                    "100048", "2201B", "Invalid regular expression: '" + pattern + "', " + e.getDescription());
        }
    }

    private static ObjectNode transfer(String command, StatementType type, List<String> files, int parallel) {
        ObjectNode data = Json.MAPPER.createObjectNode();
        data.put("command", command);
        ArrayNode locations = data.putArray("src_locations");
        files.forEach(locations::add);
        data.put("parallel", parallel);
        data.put("threshold", MULTIPART_FROM);
        data.putNull("encryptionMaterial");
        data.put("clientShowEncryptionParameter", true);
        data.put("statementTypeId", type.id());
        return data;
    }

    private static ObjectNode stageInfo(String location, StageGrants.Grant grant, String address) {
        ObjectNode info = Json.MAPPER.createObjectNode();
        info.put("locationType", "S3");
        info.put("location", location);
        info.put("path", "");
        info.put("region", "us-east-1");
        info.put("endPoint", address);
        info.put("isClientSideEncrypted", false);
        info.putNull("storageAccount").putNull("presignedUrl");
        info.putObject("creds")
                .put("AWS_KEY_ID", "LOCAL")
                .put("AWS_SECRET_KEY", grant.token())
                .put("AWS_TOKEN", grant.token());
        return info;
    }
}
