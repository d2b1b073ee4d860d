package io.guestflow.processor;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The walls between rooms: what a room may know of is what it can depend on by accident. */
class WallsTest {
    private static final String ROOT = "io.guestflow.processor";
    /** They decide; what they decide is carried out elsewhere. */
    private static final String[] PURE = rooms(
            "auth",
            "intake",
            "session",
            "context",
            "facts",
            "factlog",
            "analytics",
            "alerts",
            "measure",
            "audit",
            "timers",
            "cxonetime",
            "deadletter",
            "wire");

    private static final JavaClasses MAIN = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages(ROOT);

    @Test
    void pureRoomsKnowNeitherEffectsNorTheProcessNorHttp() {
        noClasses()
                .that()
                .resideInAnyPackage(PURE)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        ROOT,
                        ROOT + ".effects..",
                        ROOT + ".edge..",
                        ROOT + ".runtime..",
                        ROOT + ".config..",
                        "java.net..")
                .check(MAIN);
    }

    @Test
    void pureRoomsHaveNoClockOfTheirOwnAndStartNoThread() {
        noClasses()
                .that()
                .resideInAnyPackage(PURE)
                .should()
                .callMethod(Instant.class, "now")
                .orShould()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .dependOnClassesThat()
                .areAssignableTo(Clock.class)
                .orShould()
                .dependOnClassesThat()
                .areAssignableTo(Thread.class)
                .check(MAIN);
    }

    @Test
    void effectsKnowNoTopology() {
        noClasses()
                .that()
                .resideInAPackage(ROOT + ".effects..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        ROOT + ".auth..",
                        ROOT + ".intake..",
                        ROOT + ".session..",
                        ROOT + ".factlog..",
                        ROOT + ".alerts..",
                        ROOT + ".audit..",
                        ROOT + ".analytics..",
                        ROOT + ".measure..",
                        ROOT + ".timers..",
                        ROOT + ".wire..",
                        ROOT + ".edge..",
                        ROOT + ".runtime..",
                        "org.apache.kafka.streams..")
                .check(MAIN);
    }

    @Test
    void callsToCxoneKnowNothingOfKafka() {
        noClasses()
                .that()
                .resideInAPackage(ROOT + ".effects.cxone..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.apache.kafka..", ROOT + ".effects")
                .check(MAIN);
    }

    @Test
    void onlyTheCxoneAdapterSpeaksHttpAsAClient() {
        noClasses()
                .that(not(resideInAnyPackage(ROOT + ".effects.cxone..", ROOT, ROOT + ".config..")))
                .should()
                .dependOnClassesThat()
                .resideInAPackage("java.net.http..")
                .check(MAIN);
    }

    @Test
    void onlyTheRootWiresRooms() {
        classes()
                .that()
                .resideInAPackage(ROOT)
                .should()
                .onlyBeAccessed()
                .byAnyPackage(ROOT)
                .check(MAIN);
        noClasses()
                .that(resideInAPackage(ROOT + ".runtime.."))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        ROOT + ".auth..",
                        ROOT + ".intake..",
                        ROOT + ".session..",
                        ROOT + ".factlog..",
                        ROOT + ".alerts..",
                        ROOT + ".audit..",
                        ROOT + ".analytics..",
                        ROOT + ".measure..",
                        ROOT + ".effects..",
                        ROOT + ".edge..")
                .check(MAIN);
    }

    @Test
    void roomsDoNotDependOnEachOtherInCircles() {
        slices().matching(ROOT + ".(*)..").should().beFreeOfCycles().check(MAIN);
    }

    private static String[] rooms(String... names) {
        return List.of(names).stream().map(name -> ROOT + "." + name + "..").toArray(String[]::new);
    }
}
