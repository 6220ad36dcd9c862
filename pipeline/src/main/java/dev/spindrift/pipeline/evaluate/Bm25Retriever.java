package dev.spindrift.pipeline.evaluate;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.en.EnglishAnalyzer;
import org.apache.lucene.analysis.tokenattributes.CharTermAttribute;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.TextField;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.NoMergePolicy;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.BooleanClause;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.search.similarities.BM25Similarity;
import org.apache.lucene.store.ByteBuffersDirectory;

/**
 * Lucene's BM25 (k1 1.2, b 0.75) over the stems that its EnglishAnalyzer makes of texts and questions: what a model has
 * to beat to be worth its cost. The index is in memory.
 */
public final class Bm25Retriever implements Retriever, AutoCloseable {
    private static final String TEXT = "text";

    private final Analyzer analyzer = new EnglishAnalyzer();
    private final ByteBuffersDirectory index = new ByteBuffersDirectory();
    private final DirectoryReader reader;
    private final IndexSearcher searcher;

    public Bm25Retriever(List<String> texts) throws IOException {
        // Without merges a text's number in the index is its place in the list.
        IndexWriterConfig config = new IndexWriterConfig(analyzer)
                .setSimilarity(new BM25Similarity())
                .setMergePolicy(NoMergePolicy.INSTANCE);
        try (IndexWriter writer = new IndexWriter(index, config)) {
            for (String text : texts) {
                Document document = new Document();
                document.add(new TextField(TEXT, text, Field.Store.NO));
                writer.addDocument(document);
            }
        }
        reader = DirectoryReader.open(index);
        searcher = new IndexSearcher(reader);
        searcher.setSimilarity(new BM25Similarity());
    }

    @Override
    public double[] scores(String question) {
        double[] scores = new double[reader.maxDoc()];
        Arrays.fill(scores, NOT_FOUND);
        try {
            BooleanQuery.Builder query = new BooleanQuery.Builder();
            for (String term : terms(question)) {
                query.add(new TermQuery(new Term(TEXT, term)), BooleanClause.Occur.SHOULD);
            }
            for (ScoreDoc hit : searcher.search(query.build(), Math.max(1, scores.length)).scoreDocs) {
                scores[hit.doc] = hit.score;
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot search the index of " + scores.length + " texts.", e);
        }
        return scores;
    }

    /** Distinct, and no more than Lucene takes. */
    private Set<String> terms(String question) throws IOException {
        Set<String> terms = new LinkedHashSet<>();
        try (TokenStream stream = analyzer.tokenStream(TEXT, question)) {
            CharTermAttribute term = stream.addAttribute(CharTermAttribute.class);
            stream.reset();
            while (stream.incrementToken() && terms.size() < IndexSearcher.getMaxClauseCount()) {
                terms.add(term.toString());
            }
            stream.end();
        }
        return terms;
    }

    @Override
    public void close() throws IOException {
        reader.close();
        index.close();
        analyzer.close();
    }
}
