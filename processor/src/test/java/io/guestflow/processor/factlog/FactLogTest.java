package io.guestflow.processor.factlog;

import static io.guestflow.processor.factlog.FactLogHarness.SOURCE;
import static io.guestflow.processor.factlog.FactLogHarness.START;
import static io.guestflow.processor.factlog.FactLogHarness.linked;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.guestflow.contracts.RecordHeaders;
import io.guestflow.contracts.Topic.Timestamps;
import io.guestflow.contracts.Topics;
import io.guestflow.contracts.facts.Dimensions;
import io.guestflow.contracts.facts.Direction;
import io.guestflow.contracts.facts.Fact;
import io.guestflow.contracts.facts.Source;
import io.guestflow.contracts.failure.DeadLetter;
import io.guestflow.processor.factlog.FactRecord.Passed;
import io.guestflow.processor.factlog.FactRecord.Told;
import io.guestflow.processor.wire.PartitionProgress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.AbstractSet;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.apache.kafka.common.header.Headers;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FactLogTest {
    @TempDir
    Path dir;

    private FactLogHarness facts;

    @BeforeEach
    void start() {
        facts = new FactLogHarness(dir);
    }

    @AfterEach
    void stop() {
        facts.close();
    }

    @Test
    void everyDerivationIsToldOfEveryRecord() {
        facts.fact(linked("a", "conv-1", 1));
        facts.raw("{\"not\":\"ours\"}", "guest-fact/2");
        facts.raw("{\"kind\":\"OfLaterTimes\",\"not\":\"known yet\"}", "guest-fact/1");
        facts.raw("{\"kind\":\"GuestLinked\"}", "guest-fact/1");
        facts.raw("{\"kind\":7}", null);
        facts.raw("not json", null);
        facts.raw(null, null);
        facts.fact(linked("a", "conv-1", 1));

        assertInstanceOf(Told.class, facts.read().getFirst());
        assertEquals(7, facts.read().stream().filter(Passed.class::isInstance).count());
        assertEquals(facts.read(), facts.readByTheOther());
        assertEquals(
                List.of(0L, 1L, 2L, 3L, 4L, 5L, 6L, 7L),
                facts.read().stream().map(each -> each.at().offset()).toList());
        assertEquals(4, facts.deadLetters().size());
        assertEquals(1, facts.count("told"));
        assertEquals(1, facts.count("known"));
        assertEquals(1, facts.count("unknown.version"));
        assertEquals(1, facts.count("unknown.kind"));
        assertEquals(4, facts.count("dead.letter"));
    }

    @Test
    void aFactIsToldWithItsPlaceItsTraceAndItsRecord() {
        Headers headers = new org.apache.kafka.common.header.internals.RecordHeaders();
        headers.add(RecordHeaders.CORRELATION_ID, "c-1".getBytes(UTF_8));
        Fact fact = linked("a", "conv-1", 1);
        facts.pipe(Fact.CODEC.write(fact), headers);

        Told told = (Told) facts.read().getFirst();
        assertEquals(fact, told.fact());
        assertEquals(new Source("guest-facts", 0, 0), told.at());
        assertEquals("c-1", told.trace().correlationId());
        assertEquals(Fact.CODEC.write(fact).length, told.raw().value().length);
    }

    @Test
    void whoCountsWhatHasPassedDoesNotWaitForWhatTheReaderFailedOn() {
        facts.audited = Map.of(0, new FactLog.Audited(START, new AbstractSet<>() {
            @Override
            public boolean contains(Object id) {
                throw new IllegalStateException("a defect");
            }

            @Override
            public Iterator<String> iterator() {
                return Collections.emptyIterator();
            }

            @Override
            public int size() {
                return 1;
            }
        }));
        facts.restart();
        facts.fact(linked("a", "conv-1", 1));

        assertEquals(List.of(new Passed(new Source("guest-facts", 0, 0))), facts.read());
        assertEquals(facts.read(), facts.readByTheOther());
        assertEquals(DeadLetter.Cause.PROCESSING, facts.deadLetters().getFirst().cause());
    }

    @Test
    void messagesAreToldAsOftenAsTheyCome() {
        Fact message = new Fact.MessageSeen(
                "m", START, "k1.guest", new Dimensions("c", null, null), SOURCE, "conv-1", Direction.INBOUND);
        facts.fact(message);
        facts.fact(message);

        assertEquals(2, facts.count("told"));
    }

    /** Of sessions whom they are told of, too: it is the conversation until its guest is known. */
    @Test
    void whatMayDifferWhenAFactIsDecidedAgainMakesNoOtherFact() {
        facts.fact(linked("a", "conv-1", "conv-1", 1));
        facts.fact(linked("a", "k1.guest", "conv-1", 2));

        assertEquals(1, facts.count("known"));
        assertEquals(List.of(), facts.deadLetters());
    }

    @Test
    void anotherFactUnderAnIdThatIsKnownIsToldUnderAnIdOfItsOwn() {
        facts.fact(linked("a", "conv-1", 1));
        facts.fact(linked("a", "conv-2", 1));
        facts.fact(linked("a", "conv-1", 2));
        facts.fact(linked("a", "conv-2", 2));
        facts.restart();
        facts.fact(linked("a", "conv-3", 1));
        facts.fact(linked("a", "conv-2", 3));

        List<Fact> told = facts.told();
        assertEquals(
                List.of("conv-1", "conv-2", "conv-3"),
                told.stream()
                        .map(fact -> ((Fact.GuestLinked) fact).conversationId())
                        .toList());
        assertEquals("a", told.get(0).factId());
        assertEquals(3, told.stream().map(Fact::factId).distinct().count(), () -> "ids that two facts have: " + told);
        told.stream().skip(1).forEach(fact -> assertTrue(fact.factId().matches("[A-Za-z0-9_-]{22}"), fact.factId()));
        assertEquals(
                told.stream().map(Fact::factId).toList(),
                facts.audits().stream()
                        .map(audit -> new String(audit.key(), UTF_8))
                        .toList());
        assertEquals(List.of(), facts.deadLetters());
        assertEquals(1, facts.count("told"));
        assertEquals(2, facts.count("id.reused"));
        assertEquals(3, facts.count("known"));
    }

    /** Only somebody who computes it can come to that. */
    @Test
    void anIdThatWasMadeUpToBeTakenIsADeadLetterAndNotQuoted() {
        facts.fact(linked("a", "conv-1", 1));
        facts.fact(linked("a", "a-secret", 1));
        String other = facts.told().getLast().factId();
        facts.restart();
        facts.fact(linked("b", "conv-1", 1));
        facts.fact(linked(other, "conv-4", 1));
        facts.fact(linked("a", "a-secret", 1));
        assertEquals(1, facts.count("known"), "it had it first");

        try (FactLogHarness others = new FactLogHarness(dir.resolve("others"))) {
            others.fact(linked(other, "conv-4", 1));
            others.fact(linked("a", "conv-1", 1));
            others.fact(linked("a", "a-secret", 1));

            assertInstanceOf(Passed.class, others.read().getLast());
            DeadLetter letter = others.deadLetters().getFirst();
            assertEquals(2, letter.offset());
            assertEquals("factId", letter.problems().getFirst().field());
            assertFalse(new String(DeadLetter.CODEC.write(letter), UTF_8).contains("a-secret"));
            assertEquals(1, others.count("dead.letter"));
        }
    }

    /** The first fact came a week before the other one, which comes again a week after it. */
    @Test
    void anIdThatAnotherFactHasStaysTakenForAsLongAsThatFactCanComeAgain() {
        facts.fact(linked("a", "conv-1", 1));
        facts.later(Duration.ofDays(7));
        facts.fact(linked("a", "conv-2", 1));
        facts.later(Duration.ofDays(8));
        facts.fact(linked("a", "conv-2", 1));

        assertEquals(1, facts.count("id.reused"));
        assertEquals(1, facts.count("known"));
        assertEquals(2, facts.told().size());
    }

    @Test
    void whatADerivationFailedOnIsToldOnceMoreToItAlone() {
        facts.fact(linked("before", "conv-1", 1));
        facts.auditFails = true;
        facts.fact(linked("a", "conv-1", 1));
        facts.fact(linked("before", "conv-2", 1));
        facts.fact(linked("a", "conv-1", 1));
        assertEquals(1, facts.audits().size());
        assertEquals(3, facts.deadLetters().size());
        facts.auditFails = false;
        facts.restart();
        for (int i = 0; i < 2; i++) {
            facts.fact(linked("before", "conv-1", 1));
            facts.fact(linked("a", "conv-1", 1));
            facts.fact(linked("before", "conv-2", 1));
        }

        assertEquals(3, facts.audits().size());
        assertEquals(3, facts.told().size(), "the others were done with them");
        assertEquals(facts.read(), facts.readByTheOther());
        assertEquals(3, facts.count("told.again"));
        assertEquals(4, facts.count("known"));
        assertEquals(10, facts.read().size(), "records, each of which is one to everybody");
        assertEquals(List.of(), AuditedFacts.findings(facts));
    }

    /** A second number would take the place of its own record. */
    @Test
    void whatAnotherDerivationFailedOnIsNotAuditedTwice() {
        facts.otherFails = true;
        facts.fact(linked("a", "conv-1", 1));
        facts.fact(linked("a", "conv-2", 1));
        facts.later(Duration.ofDays(8));
        facts.fact(linked("a", "conv-1", 1));
        facts.fact(linked("a", "conv-2", 1));
        facts.otherFails = false;
        facts.later(Duration.ofDays(8));
        facts.restart();
        facts.fact(linked("a", "conv-1", 1));
        facts.fact(linked("a", "conv-2", 1));
        facts.fact(linked("a", "conv-1", 1));

        assertEquals(2, facts.audits().size());
        assertEquals(List.of(), AuditedFacts.findings(facts));
        assertEquals(1, facts.count("id.reused"), "which fact had the id first is known though somebody failed on it");
        assertEquals(
                2,
                facts.readByTheOther().stream().filter(Told.class::isInstance).count());
        assertEquals(4, facts.count("told.again"));
        assertEquals(1, facts.count("known"));
    }

    @Test
    void whereBothFailBothAreToldOnceMore() {
        facts.auditFails = true;
        facts.otherFails = true;
        facts.fact(linked("a", "conv-1", 1));
        facts.auditFails = false;
        facts.fact(linked("a", "conv-1", 1));
        assertEquals(1, facts.audits().size());
        facts.otherFails = false;
        facts.fact(linked("a", "conv-1", 1));
        facts.fact(linked("a", "conv-1", 1));

        assertEquals(1, facts.audits().size());
        assertEquals(1, facts.told().size());
        assertEquals(
                1,
                facts.readByTheOther().stream().filter(Told.class::isInstance).count());
        assertEquals(1, facts.count("known"));
    }

    @Test
    void howFarFactsAreReadIsTold() {
        facts.progress = Optional.of(new PartitionProgress(OptionalLong.of(5), 1, Duration.ZERO));
        facts.fact(linked("a", "conv-1", 1));
        facts.later(Duration.ofHours(80));
        assertEquals(Duration.ofHours(80), facts.lag());

        facts.progress = Optional.of(new PartitionProgress(OptionalLong.of(0), 1, Duration.ZERO));
        facts.later(Duration.ofSeconds(1));
        assertEquals(Duration.ZERO, facts.lag());

        facts.now = facts.now.plusSeconds(30);
        assertEquals(Duration.ofSeconds(30), facts.lag(), "a thread that stands still tells nothing");
        facts.close();
        assertEquals(Duration.ZERO, facts.lag(), "and a task that is gone is somebody else's");
    }

    @Test
    void whereNobodyReadsWhoShouldTheLagGoesOnGrowing() {
        facts.stands = true;
        facts.now = facts.now.plusSeconds(20);
        assertEquals(Duration.ofSeconds(20), facts.lag(), "since the start, before anything was read");

        facts.progress = Optional.of(new PartitionProgress(OptionalLong.of(5), 1, Duration.ZERO));
        facts.fact(linked("a", "conv-1", 1));
        facts.later(Duration.ofHours(80));
        Duration before = facts.lag();
        facts.close();
        facts.now = facts.now.plusSeconds(30);
        assertEquals(before.plusSeconds(30), facts.lag(), "what reads has ended");
    }

    /** Time is all that a group can be told to go on at, and a batch has one: some of its facts were audited, some not. */
    @Test
    void ofFactsOfOneTimeThoseThatWereAuditedAreKnown() {
        facts.audited =
                Map.of(0, new FactLog.Audited(START, Set.of("a", "c")), 1, new FactLog.Audited(START, Set.of("b")));
        facts.restart();
        facts.fact(linked("a", "conv-1", 1));
        facts.fact(linked("b", "conv-2", 1));
        facts.fact(linked("a", "conv-1", 1));
        facts.fact(linked("a", "conv-3", 1));
        facts.later(Duration.ofSeconds(1));
        facts.fact(linked("c", "conv-4", 1));

        assertEquals(
                List.of("conv-2", "conv-3", "conv-4"),
                facts.told().stream()
                        .map(fact -> ((Fact.GuestLinked) fact).conversationId())
                        .toList());
        assertEquals(2, facts.count("known"));
        assertEquals(1, facts.count("id.reused"));
        assertEquals(3, facts.audits().size());
    }

    @Test
    void aFactIsKnownForNineDaysFromTheLastTimeThatItCame() {
        facts.fact(linked("a", "conv-1", 1));
        for (int i = 0; i < 4; i++) {
            facts.later(FactLog.REMEMBERED.minusSeconds(1));
            facts.restart();
            facts.fact(linked("a", "conv-1", 1));
        }
        assertEquals(4, facts.count("known"));

        facts.later(FactLog.REMEMBERED.plus(KnownFacts.PERIOD));
        facts.fact(linked("a", "conv-1", 1));
        assertEquals(2, facts.count("told"));
    }

    /** By the broker's time, which also moves the deletion of the topic. */
    @Test
    void aFactIsKnownForLongerThanItLiesOnItsTopic() {
        Duration day = Duration.ofDays(1);
        assertEquals(Timestamps.LOG_APPEND_TIME, Topics.GUEST_FACTS.timestamps());
        assertTrue(FactLog.REMEMBERED.compareTo(
                        Topics.GUEST_FACTS.retention().plus(day).plus(day))
                >= 0);
    }

    @Test
    void anInstanceWhoseClockIsWrongForgetsNothing() {
        for (Duration wrong : List.of(Duration.ofDays(30), Duration.ofDays(-30), Duration.ofDays(365))) {
            for (int i = 0; i < 20; i++) {
                facts.fact(linked("before-" + wrong + i, "conv-1", 1));
            }
            facts.now = facts.now.plus(wrong);
            facts.restart();
            facts.fact(linked("meanwhile-" + wrong, "conv-1", 1));
            facts.now = facts.now.minus(wrong);
            facts.restart();
            facts.later(Duration.ofMinutes(1));
            for (int i = 0; i < 20; i++) {
                facts.fact(linked("before-" + wrong + i, "conv-1", 1));
            }
            facts.fact(linked("meanwhile-" + wrong, "conv-1", 1));
        }
        assertEquals(63, facts.count("told"));
        assertEquals(63, facts.count("known"));
    }

    @Test
    void aRecordFromTheFutureForgetsNothing() {
        facts.fact(linked("a", "conv-1", 1));
        facts.appended = START.plus(Duration.ofDays(400));
        facts.fact(linked("future", "conv-1", 1));
        facts.appended = START;
        facts.fact(linked("a", "conv-1", 1));
        facts.fact(linked("future", "conv-1", 1));

        assertEquals(2, facts.count("told"));
        assertEquals(2, facts.count("known"));
    }

    /** Copies of two times, read again from the beginning when time has gone on. */
    @Test
    void factsThatAreReadAgainFromTheBeginningAreKnown() {
        facts.fact(linked("a", "conv-1", 1));
        facts.later(Duration.ofDays(8));
        facts.fact(linked("a", "conv-1", 1));
        Instant second = facts.appended;
        facts.later(Duration.ofDays(8));
        facts.fact(linked("b", "conv-1", 1));
        facts.restart();
        facts.appended = START;
        facts.fact(linked("a", "conv-1", 1));
        facts.appended = second;
        facts.fact(linked("a", "conv-1", 1));

        assertEquals(2, facts.count("told"));
        assertEquals(3, facts.count("known"));
    }
}
