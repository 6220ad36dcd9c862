package dev.spindrift.udf;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "dev.spindrift.udf", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

    @ArchTest
    static final ArchRule hasNoCycles =
            slices().matching("dev.spindrift.udf.(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule keepsDjlsEngineInOnePackage = noClasses()
            .that()
            .resideOutsideOfPackage("dev.spindrift.udf.torch..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "ai.djl", "ai.djl.pytorch..", "ai.djl.engine..", "ai.djl.ndarray..", "ai.djl.training..");

    @ArchTest
    static final ArchRule isFreeOfFlinkKafkaAndSnowflake = noClasses()
            .that()
            .resideInAnyPackage(
                    "..udf.model..",
                    "..udf.embed..",
                    "..udf.chunk..",
                    "..udf.token..",
                    "..udf.torch..",
                    "..udf.lexical..",
                    "..udf.huggingface..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.apache.flink..", "org.apache.kafka..", "net.snowflake..", "java.sql..");
}
