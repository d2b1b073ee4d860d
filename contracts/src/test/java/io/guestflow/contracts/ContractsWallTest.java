package io.guestflow.contracts;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** Any client may take the contracts along, so they bring nothing but Jackson. */
class ContractsWallTest {
    private static final JavaClasses CONTRACTS = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.guestflow.contracts");

    @Test
    void theContractsNeedOnlyTheJdkAndJackson() {
        classes()
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        "io.guestflow.contracts..",
                        "java..",
                        "org.jspecify.annotations",
                        "com.fasterxml.jackson.annotation",
                        "tools.jackson..")
                .check(CONTRACTS);
    }

    @Test
    void theCodecKnowsNoContract() {
        classes()
                .that()
                .resideInAPackage("io.guestflow.contracts.codec")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        "io.guestflow.contracts.codec",
                        "java..",
                        "org.jspecify.annotations",
                        "com.fasterxml.jackson.annotation",
                        "tools.jackson..")
                .check(CONTRACTS);
    }

    @Test
    void noRecordKnowsTheCatalogue() {
        noClasses()
                .that()
                .resideOutsideOfPackage("io.guestflow.contracts")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.guestflow.contracts")
                .check(CONTRACTS);
    }
}
