package io.guestflow.processor.audit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.guestflow.contracts.facts.Fact;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whatever comes again, as long as it can, and however often the process restarts: each fact has one record, in the order
 * of the first time that it came, and the chain is whole.
 */
class AuditHistoryTest {
    private static final int STEPS = 400;

    @TempDir
    Path dir;

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void eachFactIsAuditedOnceWhateverComesAgain(long seed) {
        Random random = new Random(seed);
        List<Fact> came = new ArrayList<>();
        List<Long> cameAt = new ArrayList<>();
        Set<String> expected = new LinkedHashSet<>();
        try (AuditHarness audit = new AuditHarness(dir)) {
            for (int step = 0; step < STEPS; step++) {
                switch (random.nextInt(40)) {
                    case 0 -> audit.restart();
                    case 1 -> audit.advance(Duration.ofMinutes(random.nextInt(4 * 24 * 60)));
                    case 2 -> audit.takenOver(Duration.ofSeconds(random.nextInt(20) - 10));
                    case 3, 4, 5, 6, 7, 8, 9 -> again(random, audit, came, cameAt);
                    case 10, 11 -> audit.fact(Facts.message("message-" + step));
                    default -> {
                        Fact fact = Facts.succeeded("fact-" + step);
                        came.add(fact);
                        cameAt.add(audit.now().toEpochMilli());
                        expected.add(fact.factId());
                        audit.fact(fact);
                    }
                }
            }
            assertEquals(
                    List.copyOf(expected),
                    audit.records().stream()
                            .map(record -> new String(record.key(), UTF_8))
                            .toList());
            assertEquals(List.of(), audit.findings());
        }
    }

    @Tag("full")
    @ParameterizedTest(name = "seed {0}")
    @MethodSource("moreSeeds")
    void eachFactIsAuditedOnceWhateverComesAgainWithMoreSeeds(long seed) {
        eachFactIsAuditedOnceWhateverComesAgain(seed);
    }

    /** Someone has a piece of the topic read again: nothing is older than what can lie there. */
    private static void again(Random random, AuditHarness audit, List<Fact> came, List<Long> cameAt) {
        if (came.isEmpty()) {
            return;
        }
        long oldest = audit.now().minus(Duration.ofDays(8)).toEpochMilli();
        int from = random.nextInt(came.size());
        for (int i = from; i < Math.min(came.size(), from + 20); i++) {
            if (cameAt.get(i) >= oldest) {
                audit.fact(came.get(i));
            }
        }
    }

    static LongStream seeds() {
        return LongStream.range(0, 2);
    }

    static LongStream moreSeeds() {
        return LongStream.range(2, 4);
    }
}
