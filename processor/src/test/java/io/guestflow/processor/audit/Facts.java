package io.guestflow.processor.audit;

import io.guestflow.contracts.auth.Consent;
import io.guestflow.contracts.auth.ContextDrop;
import io.guestflow.contracts.auth.ErrorCode;
import io.guestflow.contracts.codec.JsonCodec;
import io.guestflow.contracts.facts.Dimensions;
import io.guestflow.contracts.facts.Direction;
import io.guestflow.contracts.facts.EndReason;
import io.guestflow.contracts.facts.Fact;
import io.guestflow.contracts.facts.Measurement;
import io.guestflow.contracts.facts.Source;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** One fact of each kind; no two values in one of them are the same. */
final class Facts {
    static final Instant SEVEN = Instant.parse("2026-11-22T07:00:00Z");
    static final Dimensions DIMENSIONS = new Dimensions("channel-1", "segment-1", "campaign-1");
    static final Source SOURCE = new Source("some-topic", 7, 4711);
    static final Consent CONSENT = new Consent(true, SEVEN.minusSeconds(1), "v2.1");
    private static final List<ContextDrop> DROPPED =
            List.of(new ContextDrop("unknown#1", ContextDrop.Reason.NOT_ALLOWED));

    private Facts() {}

    /** As large as a fact may be: the hashes of the chain are too much. */
    static Fact tooLarge(String factId) {
        List<String> keys = new ArrayList<>(Collections.nCopies(5_000, "123456789"));
        Fact fact = injected(factId, keys);
        while (Fact.CODEC.write(fact).length + 12 < JsonCodec.MAX_BYTES) {
            keys.add("123456789");
            fact = injected(factId, keys);
        }
        return fact;
    }

    private static Fact injected(String factId, List<String> keys) {
        return new Fact.ContextInjected(
                factId, SEVEN, "k1.guest", DIMENSIONS, SOURCE, "r1", 1, "conversation-1", keys, 1);
    }

    static List<Fact> oneOfEach() {
        return List.of(
                succeeded("f1"),
                new Fact.AuthRejected(
                        "f2",
                        SEVEN,
                        "k1.guest",
                        DIMENSIONS,
                        SOURCE,
                        "r2",
                        3,
                        ErrorCode.CONSENT_REQUIRED,
                        400,
                        21,
                        0,
                        new Consent(false, null, "v9"),
                        List.of("key-2"),
                        DROPPED),
                new Fact.AuthFailed(
                        "f3",
                        SEVEN,
                        "k1.guest",
                        DIMENSIONS,
                        SOURCE,
                        "r3",
                        2,
                        ErrorCode.DEADLINE_EXCEEDED,
                        504,
                        15_000,
                        5,
                        CONSENT,
                        List.of("key-3"),
                        DROPPED),
                new Fact.AuthLate(
                        "f4",
                        SEVEN,
                        "k1.guest",
                        DIMENSIONS,
                        SOURCE,
                        "r4",
                        2,
                        "conv-4",
                        SEVEN.plusSeconds(1800),
                        201,
                        1),
                new Fact.ContextInjected(
                        "f5", SEVEN, "k1.guest", DIMENSIONS, SOURCE, "r5", 2, "conv-5", List.of("key-5"), 3),
                new Fact.ContextFailed(
                        "f6",
                        SEVEN,
                        "k1.guest",
                        DIMENSIONS,
                        SOURCE,
                        "r6",
                        2,
                        "conv-6",
                        List.of("key-6"),
                        ErrorCode.UPSTREAM_ERROR,
                        4),
                new Fact.SessionOpened(
                        "f7",
                        SEVEN,
                        "k1.guest",
                        DIMENSIONS,
                        SOURCE,
                        "conv-7",
                        "r7",
                        2,
                        SEVEN.minusSeconds(2),
                        SEVEN.plusSeconds(1800)),
                new Fact.SessionRefreshed(
                        "f8",
                        SEVEN,
                        "k1.guest",
                        DIMENSIONS,
                        SOURCE,
                        "conv-8",
                        SEVEN.plusSeconds(3600),
                        SEVEN.plusSeconds(1800),
                        4,
                        1,
                        true,
                        false),
                new Fact.SessionExpiring(
                        "f9",
                        SEVEN,
                        "k1.guest",
                        DIMENSIONS,
                        SOURCE,
                        "conv-9",
                        SEVEN.plusSeconds(60),
                        SEVEN.minusSeconds(600)),
                new Fact.SessionEnded(
                        "f10",
                        SEVEN,
                        "k1.guest",
                        DIMENSIONS,
                        SOURCE,
                        "conv-10",
                        EndReason.REVOKED,
                        SEVEN.minusSeconds(900),
                        SEVEN.minusSeconds(1),
                        899_000,
                        6,
                        8,
                        9,
                        "conv-11",
                        SEVEN.plusSeconds(1000),
                        "CONSENT_WITHDRAWN"),
                new Fact.GuestLinked("f11", SEVEN, "k1.guest", DIMENSIONS, SOURCE, "conv-12", 2),
                new Fact.ConversationMeasured(
                        "f12",
                        SEVEN,
                        "k1.guest",
                        DIMENSIONS,
                        SOURCE,
                        "conv-13",
                        Measurement.MEASURED,
                        3,
                        898_000L,
                        18L,
                        -1_000L,
                        1L));
    }

    static Fact.AuthSucceeded succeeded(String factId) {
        return new Fact.AuthSucceeded(
                factId,
                SEVEN,
                "k1.guest",
                DIMENSIONS,
                SOURCE,
                "r1",
                2,
                "conv-1",
                SEVEN.plusSeconds(1800),
                201,
                143,
                1,
                CONSENT,
                List.of("key-1"),
                DROPPED);
    }

    static Fact message(String factId) {
        return new Fact.MessageSeen(factId, SEVEN, "k1.guest", DIMENSIONS, SOURCE, "conv-1", Direction.INBOUND);
    }
}
