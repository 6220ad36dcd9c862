package dev.spindrift.local.warehouse.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class ScriptTest {
    private static final List<String> PIECES = List.of(
            "SELECT",
            "a.b",
            "'it''s; not'",
            "\"semi;colon\"",
            "$$ ; $$",
            "42",
            "1.5e3",
            "::",
            "?",
            "$1",
            "@st/a-b",
            "(",
            ")",
            "'\\';'",
            "x:y[0]");
    private static final List<String> BLANKS = List.of(" ", "\n", " -- a; b\n", " /* ; */ ", "\t", " // c;\n");

    @Test
    void cutsAtSemicolonsBetweenStatementsOnly() {
        assertThat(Script.split("select ';' ; -- c;\n/* ; */ select \"a;b\" ;; ; select $$x;y$$"))
                .isEqualTo(List.of("select ';'", "select \"a;b\"", "select $$x;y$$"));
        assertThat(Script.split(" -- nothing\n ; ")).isEmpty();
    }

    @Test
    void refusesWhatDoesNotEnd() {
        for (String text : List.of("select 'a", "select \"a", "select /* a", "select $$a", "select '\\x0")) {
            assertThatThrownBy(() -> Script.split(text)).isInstanceOf(SqlSyntaxException.class);
        }
    }

    @Test
    void findsTheStatementsAgainThatAScriptWasMadeOf() {
        for (int seed = 0; seed < 2000; seed++) {
            Random random = new Random(seed);
            List<String> statements = new ArrayList<>();
            StringBuilder script = new StringBuilder();
            for (int i = random.nextInt(4); i > 0; i--) {
                String statement = statement(random);
                statements.add(statement);
                script.append(blank(random))
                        .append(statement)
                        .append(blank(random))
                        .append(';');
            }
            assertThat(Script.split(script.toString())).as("seed " + seed).isEqualTo(statements);
        }
    }

    @Test
    void coversTheSourceWithTokensInOrder() {
        for (int seed = 0; seed < 2000; seed++) {
            String source = statement(new Random(seed));
            int end = 0;
            for (Token token : Tokenizer.tokens(source)) {
                assertThat(token.start()).as("seed " + seed).isGreaterThanOrEqualTo(end);
                end = token.end();
            }
            assertThat(end).as("seed " + seed).isEqualTo(source.length());
        }
    }

    private static String statement(Random random) {
        StringBuilder text = new StringBuilder(PIECES.get(random.nextInt(PIECES.size())));
        for (int i = random.nextInt(8); i > 0; i--) {
            text.append(blank(random)).append(PIECES.get(random.nextInt(PIECES.size())));
        }
        return text.toString();
    }

    private static String blank(Random random) {
        return BLANKS.get(random.nextInt(BLANKS.size()));
    }
}
