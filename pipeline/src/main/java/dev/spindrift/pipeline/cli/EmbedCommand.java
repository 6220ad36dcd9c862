package dev.spindrift.pipeline.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.spindrift.udf.embed.Embedder;
import dev.spindrift.udf.embed.SharedEmbedder;
import dev.spindrift.udf.model.ModelSettings;
import dev.spindrift.udf.model.Models;
import dev.spindrift.udf.token.ModelInput;
import dev.spindrift.udf.token.Tokenizer;
import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "embed",
        mixinStandardHelpOptions = true,
        versionProvider = SpindriftCommand.JarVersion.class,
        description = {
            "Prints the vectors of texts: a line {\"id\": ..., \"tokens\": ..., \"embedding\": [...]} for each text, in"
                    + " their order, with floats that read back exactly.",
            "Texts are lines {\"id\": ..., \"text\": ...} if the first one begins with a brace, else each line is one,"
                    + " known by its number. Blank lines are passed over. Needs no local stack."
        })
final class EmbedCommand implements Callable<Integer> {
    // Each line is ended where it is written.
    private static final JsonFactory JSON =
            new JsonFactory().setCodec(new ObjectMapper()).setRootValueSeparator("");

    @Parameters(arity = "0..1", paramLabel = "FILE", description = "The texts, in UTF-8. Default: standard input.")
    private @Nullable Path file;

    @Option(names = "--query", description = "They are questions: put the model's query prompt before them.")
    private boolean query;

    @Option(
            names = "--truncate",
            description = "Cut a text that is longer than the model reads, instead of ending there.")
    private boolean truncate;

    @Option(names = "--plain", description = "Each line is a text, whatever it begins with.")
    private boolean plain;

    @Mixin
    private GivenConfig given = new GivenConfig();

    @Override
    public Integer call() throws Exception {
        if (file != null && !Files.isReadable(file)) {
            throw new CommandFailedException("Cannot read " + file + ": there is no such file, or it may not be read.");
        }
        try (InputStream in = file == null ? new FileInputStream(FileDescriptor.in) : Files.newInputStream(file);
                // Not System.out, which would not tell that nobody reads any more.
                OutputStream out = new FileOutputStream(FileDescriptor.out)) {
            embed(in, out);
        }
        return 0;
    }

    void embed(InputStream in, OutputStream out) throws IOException {
        ModelSettings model = given.model();
        TextLine.Reader texts = new TextLine.Reader(
                new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8.newDecoder())), plain);
        try (SharedEmbedder embedder = given.embedder(model);
                JsonGenerator json = JSON.createGenerator(out)) {
            int cut = embed(texts, Models.tokenizer(model), embedder, json);
            if (truncate) {
                System.err.println(
                        cut + " texts were cut to " + embedder.model().maxTokens() + " tokens");
            }
        }
    }

    /** Writes the vectors of all texts, and returns how many texts were cut. */
    private int embed(TextLine.Reader texts, Tokenizer tokenizer, Embedder embedder, JsonGenerator json)
            throws IOException {
        int cut = 0;
        int most = embedder.model().maxTokens();
        OrderedEmbedding<TextLine> embedding =
                new OrderedEmbedding<>(embedder, (line, input, vector) -> write(json, line, input, vector));
        for (TextLine line = texts.next(); line != null; line = texts.next()) {
            ModelInput input = input(tokenizer, line.text());
            if (input.tokens() > most) {
                if (!truncate) {
                    embedding.finish();
                    throw new CommandFailedException("Cannot embed " + line + ": it has " + input.tokens()
                            + " tokens, and the model reads " + most
                            + ". Give --truncate to cut such texts, or cut it into chunks first.");
                }
                input = input(tokenizer, tokenizer.cut(line.text(), most));
                cut++;
            }
            embedding.add(line, input);
        }
        embedding.finish();
        return cut;
    }

    private ModelInput input(Tokenizer tokenizer, String text) {
        return query ? tokenizer.query(text) : tokenizer.document(text);
    }

    private static void write(JsonGenerator json, TextLine line, ModelInput input, float[] vector) throws IOException {
        json.writeStartObject();
        json.writeFieldName("id");
        json.writeTree(line.id());
        json.writeNumberField("tokens", input.tokens());
        json.writeArrayFieldStart("embedding");
        for (float number : vector) {
            json.writeNumber(number);
        }
        json.writeEndArray();
        json.writeEndObject();
        json.writeRaw('\n');
    }
}
