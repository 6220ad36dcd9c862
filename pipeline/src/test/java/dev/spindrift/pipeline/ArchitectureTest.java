package dev.spindrift.pipeline;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.Architectures;

@AnalyzeClasses(packages = "dev.spindrift.pipeline", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    private static final String HERE = "dev.spindrift.pipeline.";

    @ArchTest
    static final ArchRule hasNoCycles =
            slices().matching("dev.spindrift.(**)").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule stagesNameNoOtherStage = Architectures.layeredArchitecture()
            .consideringOnlyDependenciesInLayers()
            .layer("source")
            .definedBy(HERE + "source..")
            .layer("chunk")
            .definedBy(HERE + "chunk..")
            .layer("embed")
            .definedBy(HERE + "embed..")
            .layer("assemble")
            .definedBy(HERE + "assemble..")
            .layer("sink")
            .definedBy(HERE + "sink..")
            .layer("job")
            .definedBy(HERE + "job..")
            .optionalLayer("cli")
            .definedBy(HERE + "cli..")
            .whereLayer("source")
            .mayOnlyBeAccessedByLayers("job", "cli")
            .whereLayer("chunk")
            .mayOnlyBeAccessedByLayers("job", "cli")
            .whereLayer("embed")
            .mayOnlyBeAccessedByLayers("job", "cli")
            .whereLayer("assemble")
            .mayOnlyBeAccessedByLayers("job", "cli")
            .whereLayer("sink")
            .mayOnlyBeAccessedByLayers("job", "cli")
            .whereLayer("job")
            .mayOnlyBeAccessedByLayers("cli");

    @ArchTest
    static final ArchRule onlyTheSourceAndTheCommandLineKnowKafka = noClasses()
            .that()
            .resideOutsideOfPackages(HERE + "source..", HERE + "cli..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.apache.kafka..");

    @ArchTest
    static final ArchRule onlyTheWarehouseAndTheSinkKnowSnowflakesDriver = noClasses()
            .that()
            .resideOutsideOfPackages(HERE + "warehouse..", HERE + "sink..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("net.snowflake..");

    /** The command line asks over connections that the warehouse opened for it. */
    @ArchTest
    static final ArchRule noOtherStageKnowsJdbc = noClasses()
            .that()
            .resideOutsideOfPackages(HERE + "warehouse..", HERE + "sink..", HERE + "cli..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("java.sql..", "javax.sql..");

    @ArchTest
    static final ArchRule onlyTheEvaluationKnowsLucene = noClasses()
            .that()
            .resideOutsideOfPackages(HERE + "evaluate..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.apache.lucene..");

    @ArchTest
    static final ArchRule nobodyKnowsTheEngine =
            noClasses().should().dependOnClassesThat().resideInAnyPackage("ai.djl..");

    @ArchTest
    static final ArchRule nobodyKnowsTheLocalWarehouse =
            noClasses().should().dependOnClassesThat().resideInAnyPackage("dev.spindrift.local..");
}
