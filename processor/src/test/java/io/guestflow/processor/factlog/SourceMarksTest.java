package io.guestflow.processor.factlog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.guestflow.contracts.facts.Dimensions;
import io.guestflow.contracts.facts.Direction;
import io.guestflow.contracts.facts.Fact;
import io.guestflow.contracts.facts.Source;
import io.guestflow.processor.facts.FactIds;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.LongStream;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SourceMarksTest {
    private static final int STEPS = 400;

    @TempDir
    Path dir;

    private final KeyValueStore<Bytes, byte[]> store =
            Stores.inMemoryKeyValueStore("marks").get();
    private SourceMarks marks = new SourceMarks(store);

    @Test
    void anIdPassesWhoseCauseLiesBehindAllOthers() {
        assertTrue(passes(0, 5));
        assertTrue(passes(0, 6));
        assertTrue(passes(0, 1_000));
    }

    @Test
    void aCauseThatWasPassedPassesNoMore() {
        passes(0, 100);

        assertFalse(passes(0, 100));
        assertFalse(passes(0, 99));
        assertTrue(passes(0, 101));
    }

    @Test
    void partitionsAndKindsHaveMarksOfTheirOwn() {
        passes(0, 100);

        assertTrue(passes(1, 7));
        Source source = new Source("sessions", 0, 7);
        assertTrue(marks.passes(new Fact.MessageSeen(
                FactIds.of("MessageSeen", source, 0),
                FactLogHarness.START,
                "k1.guest",
                new Dimensions("c", null, null),
                source,
                "conversation",
                Direction.INBOUND)));
    }

    @Test
    void anIdThatIsMadeOfSomethingElseDoesNotPass() {
        Source source = new Source("sessions", 0, 8);

        assertFalse(marks.passes(linked(FactIds.of("GuestLinked", source, 1), source)));
        assertFalse(marks.passes(linked("of something else", new Source("sessions", 0, 9))));
    }

    @Test
    void afterARestartNothingPassesThatMayHaveBeenSeen() {
        passes(0, 5);
        passes(0, 9_000);

        marks = new SourceMarks(store);

        assertFalse(passes(0, 9_000));
        assertFalse(passes(0, 5 + SourceMarks.STORED_AHEAD));
        assertTrue(passes(0, 6 + SourceMarks.STORED_AHEAD));
    }

    @Test
    void aMarkIsStoredOnceInManyFacts() {
        passes(0, 0);
        store.delete(store.all().next().key);
        for (int offset = 1; offset <= SourceMarks.STORED_AHEAD; offset++) {
            passes(0, offset);
        }
        assertFalse(store.all().hasNext());
        passes(0, 1 + SourceMarks.STORED_AHEAD);
        assertTrue(store.all().hasNext());
    }

    @Test
    void whereMarksAreLostWhatIsKnownIsLookedForUntilItIsForgotten() {
        List<Fact> facts = LongStream.range(0, 20)
                .mapToObj(offset -> new Source("sessions", 0, offset))
                .map(source -> linked(FactIds.of("GuestLinked", source, 0), source))
                .toList();
        try (FactLogHarness log = new FactLogHarness(dir)) {
            facts.subList(0, 10).forEach(log::fact);
            log.restartWithout(KnownFacts.PERIOD_STORE);
            facts.forEach(log::fact);
            assertEquals(10, log.count("known"));

            log.restart();
            facts.forEach(log::fact);
            assertEquals(30, log.count("known"));
            assertEquals(facts, log.told());
        }
    }

    /** Causes come in their order, from two partitions; facts come again, somebody fails on some, topics of causes are made anew. */
    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void whateverPassesEachFactIsToldOnceAndNoTwoUnderOneId(long seed) {
        Random random = new Random(seed);
        Map<String, Fact> facts = new HashMap<>();
        long[] offsets = new long[2];
        try (FactLogHarness log = new FactLogHarness(dir)) {
            for (int i = 0; i < STEPS; i++) {
                log.otherFails = random.nextInt(5) == 0;
                int partition = random.nextInt(2);
                switch (random.nextInt(30)) {
                    case 0 -> log.restart();
                    case 1 -> offsets[partition] = random.nextInt(20);
                    case 11 -> log.later(Duration.ofHours(random.nextInt(12)));
                    case 2, 3, 4, 5, 6, 7, 8, 9 -> {
                        if (!facts.isEmpty()) {
                            List<String> all = new ArrayList<>(facts.keySet());
                            log.fact(facts.get(all.get(random.nextInt(all.size()))));
                        }
                    }
                    case 10 -> offsets[partition] += random.nextLong(3 * SourceMarks.STORED_AHEAD);
                    default -> {
                        Source source = new Source("sessions", partition, offsets[partition]++);
                        Fact fact = FactLogHarness.linked(
                                FactIds.of("GuestLinked", source, 0), "k1.guest", source, "conversation-" + i, 0);
                        facts.put("conversation-" + i, fact);
                        log.fact(fact);
                    }
                }
            }

            List<String> told = log.told().stream()
                    .map(fact -> ((Fact.GuestLinked) fact).conversationId())
                    .toList();
            assertEquals(facts.keySet(), new HashSet<>(told));
            assertEquals(facts.size(), told.size(), "facts, and how often one was told");
            assertEquals(
                    facts.size(),
                    log.told().stream().map(Fact::factId).distinct().count(),
                    "ids");
            assertEquals(List.of(), AuditedFacts.findings(log));
            assertTrue(
                    log.count("id.reused") > 5 && log.count("known") > 30 && log.count("told.again") > 3,
                    "the history has too little in it");
        }
    }

    @Tag("full")
    @ParameterizedTest(name = "seed {0}")
    @MethodSource("moreSeeds")
    void whateverPassesEachFactIsToldOnceAndNoTwoUnderOneIdWithMoreSeeds(long seed) {
        whateverPassesEachFactIsToldOnceAndNoTwoUnderOneId(seed);
    }

    static LongStream seeds() {
        return LongStream.range(0, 2);
    }

    static LongStream moreSeeds() {
        return LongStream.range(2, 6);
    }

    private boolean passes(int partition, long offset) {
        Source source = new Source("sessions", partition, offset);
        return marks.passes(linked(FactIds.of("GuestLinked", source, 0), source));
    }

    private static Fact linked(String factId, Source source) {
        return FactLogHarness.linked(factId, "k1.guest", source, "conversation", 0);
    }
}
