package dev.spindrift.bench;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "dev.spindrift.bench", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    private static final String HERE = "dev.spindrift.bench.";

    @ArchTest
    static final ArchRule hasNoCycles =
            slices().matching(HERE + "(**)").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule keepsOnnxRuntimeInOnePackage = noClasses()
            .that()
            .resideOutsideOfPackage(HERE + "onnx..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("ai.onnxruntime..");

    @ArchTest
    static final ArchRule keepsDjlInOnePackage = noClasses()
            .that()
            .resideOutsideOfPackage(HERE + "torch..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("ai.djl..");
}
