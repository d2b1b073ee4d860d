package io.guestflow.processor.factlog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.guestflow.contracts.facts.Fact;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Long random histories of facts that come again for as long as their records can lie on the topic, under ids of which some
 * were another fact's a few days before, and on some of which somebody fails: each is told once, and no two under one id.
 */
class FactHistoriesTest {
    private static final int STEPS = 300;
    /** The retention and a segment. */
    private static final Duration LIES_FOR = Duration.ofDays(8);

    @TempDir
    Path dir;

    /** By conversation, of which each fact has one of its own: its id, and when it came last. */
    private final Map<String, Came> facts = new HashMap<>();

    private record Came(String factId, Instant at) {}

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void eachFactIsToldOnceAndNoTwoUnderOneId(long seed) {
        Random random = new Random(seed);
        try (FactLogHarness log = new FactLogHarness(dir)) {
            for (int i = 0; i < STEPS; i++) {
                log.otherFails = random.nextInt(5) == 0;
                switch (random.nextInt(20)) {
                    case 0, 1 -> log.later(Duration.ofHours(random.nextInt(60)));
                    case 2 -> log.restart();
                    case 3, 4, 5, 6, 7, 8 -> {
                        List<String> lying = lying(log.now);
                        if (!lying.isEmpty()) {
                            String conversation = lying.get(random.nextInt(lying.size()));
                            come(log, random, facts.get(conversation).factId(), conversation);
                        }
                    }
                    case 9, 10, 11, 12 -> {
                        List<String> lying = lying(log.now);
                        String id = lying.isEmpty()
                                ? "first-" + i
                                : facts.get(lying.get(random.nextInt(lying.size())))
                                        .factId();
                        come(log, random, id, "conv-" + i);
                    }
                    default -> come(log, random, "id-" + i, "conv-" + i);
                }
            }

            List<String> conversations = log.told().stream()
                    .map(fact -> ((Fact.GuestLinked) fact).conversationId())
                    .toList();
            assertEquals(facts.keySet(), new HashSet<>(conversations));
            assertEquals(facts.size(), conversations.size(), "facts, and how often one was told");
            assertEquals(
                    facts.size(),
                    log.told().stream().map(Fact::factId).distinct().count(),
                    "ids");
            assertEquals(List.of(), AuditedFacts.findings(log));
            List<String> toldToTheOther = log.readByTheOther().stream()
                    .filter(FactRecord.Told.class::isInstance)
                    .map(record -> ((FactRecord.Told) record).fact().factId())
                    .toList();
            assertEquals(
                    new HashSet<>(toldToTheOther).size(), toldToTheOther.size(), "what the other one was done with");
            assertEquals(0, log.count("dead.letter"));
            assertTrue(
                    log.count("id.reused") > 20 && log.count("known") > 30 && log.count("told.again") > 3,
                    "the history has too little in it");
        }
    }

    @Tag("full")
    @ParameterizedTest(name = "seed {0}")
    @MethodSource("moreSeeds")
    void eachFactIsToldOnceAndNoTwoUnderOneIdWithMoreSeeds(long seed) {
        eachFactIsToldOnceAndNoTwoUnderOneId(seed);
    }

    static LongStream seeds() {
        return LongStream.range(0, 2);
    }

    static LongStream moreSeeds() {
        return LongStream.range(2, 4);
    }

    private List<String> lying(Instant now) {
        return facts.entrySet().stream()
                .filter(fact -> fact.getValue().at().plus(LIES_FOR).isAfter(now))
                .map(Map.Entry::getKey)
                .sorted()
                .toList();
    }

    /** What may differ when it is decided again does. */
    private void come(FactLogHarness log, Random random, String factId, String conversation) {
        log.fact(FactLogHarness.linked(
                factId, random.nextBoolean() ? conversation : "k1.guest", conversation, random.nextInt(9)));
        facts.put(conversation, new Came(factId, log.now));
    }
}
