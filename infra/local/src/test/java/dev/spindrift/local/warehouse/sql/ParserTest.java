package dev.spindrift.local.warehouse.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class ParserTest {
    @Test
    void bindsAPathTighterThanACast() {
        Expression expression = Parser.parseExpression("a:b.c[0]::number(10, 2) + 1");
        assertThat(expression).isInstanceOf(Expression.Binary.class);
        Expression.Cast cast = (Expression.Cast) ((Expression.Binary) expression).left();
        assertThat(cast.type()).isEqualTo(new TypeName("NUMBER", List.of("10", "2")));
        assertThat(((Expression.Path) cast.value()).steps())
                .isEqualTo(List.of(
                        new Expression.StringLiteral("b"),
                        new Expression.StringLiteral("c"),
                        new Expression.NumberLiteral("0")));
    }

    @Test
    void takesAColumnNamedLikeATypeForAColumn() {
        assertThat(Parser.parseExpression("s.text")).isEqualTo(new Expression.Column(Name.of("S", "TEXT")));
        assertThat(Parser.parseExpression("\"text\"")).isEqualTo(new Expression.Column(Name.of("text")));
    }

    @Test
    void readsACopyWithATransformation() {
        Statement.Copy copy = (Statement.Copy) Parser.parse(
                        "COPY INTO t (a, b) FROM (SELECT $1:a::VARCHAR, METADATA$FILENAME"
                                + " FROM @db.s.st/x/y/) FILES = ('1.parquet', '2.parquet')"
                                + " FILE_FORMAT = (TYPE = PARQUET USE_VECTORIZED_SCANNER = TRUE) ON_ERROR = ABORT_STATEMENT FORCE = TRUE")
                .statement();
        assertThat(copy.files()).isEqualTo(List.of("1.parquet", "2.parquet"));
        assertThat(copy.from()).isEqualTo(new StagePath(Name.of("DB", "S", "ST"), "x/y/"));
        assertThat(copy.options())
                .isEqualTo(Map.of(
                        "FILE_FORMAT.TYPE", "PARQUET",
                        "FILE_FORMAT.USE_VECTORIZED_SCANNER", "true",
                        "ON_ERROR", "ABORT_STATEMENT",
                        "FORCE", "true"));
    }

    @Test
    void readsWhatTheDriverSends() {
        assertThat(Parser.parse("alter session /* JDBC:SnowflakeConnectionV1.setAutoCommit*/ set autocommit=false")
                        .statement())
                .isEqualTo(new Statement.AlterSession(Map.of("AUTOCOMMIT", "false"), List.of()));
        assertThat(Parser.parse("put file:///tmp/a//b.parquet '@SYSTEM$BIND/x-1' overwrite=true")
                        .statement())
                .isEqualTo(new Statement.Put(
                        "/tmp/a//b.parquet",
                        new StagePath(Name.of("SYSTEM$BIND"), "x-1"),
                        Map.of("OVERWRITE", "true")));
        assertThat(Parser.parse("use schema \"d\".\"S\"").statement())
                .isEqualTo(new Statement.Use("SCHEMA", Name.of("d", "S")));
    }

    @Test
    void countsParameters() {
        assertThat(Parser.parse("insert into t select column1, parse_json(column2) from values (?, ?)")
                        .parameters())
                .isEqualTo(2);
    }

    @Test
    void namesWhatItDoesNotKnow() {
        Map<String, String> unknown = Map.of(
                "CREATE STREAM s ON TABLE t", "CREATE STREAM",
                "SELECT * FROM t AT(TIMESTAMP => x)", "time travel",
                "ALTER TABLE t ADD COLUMN c INT", "ALTER TABLE",
                "EXPLAIN SELECT 1", "statement EXPLAIN",
                "SELECT a FROM t GROUP BY CUBE (a)", "CUBE");
        unknown.forEach((sql, named) -> assertThatThrownBy(() -> Parser.parse(sql))
                .isInstanceOf(SqlSyntaxException.class)
                .hasMessageContaining(named));
        assertThatThrownBy(() -> Parser.parse("select 1 from"))
                .hasMessageContaining("line 1 at position 13 unexpected <EOF>");
    }
}
