package dev.spindrift.local;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "dev.spindrift.local", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    private static final String HERE = "dev.spindrift.local.";

    @ArchTest
    static final ArchRule hasNoCycles =
            slices().matching(HERE + "(**)").should().beFreeOfCycles();

    /** The parser knows Snowflake's language and nothing of what runs it; the engine nothing of who asks. */
    @ArchTest
    static final ArchRule looksDownOnly = noClasses()
            .that()
            .resideInAnyPackage(HERE + "warehouse.sql..", HERE + "warehouse.engine..", HERE + "warehouse.stage..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(HERE + "warehouse.server..", HERE + "warehouse", HERE + "stack..");

    @ArchTest
    static final ArchRule keepsDuckDbInTheEngine = noClasses()
            .that()
            .resideOutsideOfPackage(HERE + "warehouse.engine..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.duckdb..", "java.sql..");

    @ArchTest
    static final ArchRule keepsKafkaInTheStack = noClasses()
            .that()
            .resideOutsideOfPackage(HERE + "stack..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.apache.kafka..", "kafka..");
}
