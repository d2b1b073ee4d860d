package io.guestflow.processor.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.guestflow.contracts.audit.AuditDetails;
import io.guestflow.contracts.audit.AuditEntry;
import io.guestflow.contracts.audit.AuditEvent;
import io.guestflow.contracts.codec.CanonicalJson;
import io.guestflow.contracts.facts.EndReason;
import io.guestflow.contracts.facts.Fact;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class AuditEntriesTest {
    private static final JsonMapper PLAIN = JsonMapper.builder().build();

    /**
     * What of a fact is not in its entry: the kind is the event, segment and campaign are values of the context, and the
     * duration lies between two times that are there.
     */
    private static final Set<String> LEFT_OUT = Set.of("kind", "segment", "campaign", "durationMs");

    @ParameterizedTest
    @CsvSource({
        "f1, AUTH_SUCCEEDED, conv-1, r1, 2, AUTHENTICATED, 201, 143, 1, key-1",
        "f2, AUTH_REJECTED, , r2, 3, CONSENT_REQUIRED, 400, 21, 0, key-2",
        "f3, AUTH_FAILED, , r3, 2, DEADLINE_EXCEEDED, 504, 15000, 5, key-3",
        "f4, AUTH_LATE, conv-4, r4, 2, , 201, , 1, ",
        "f5, CONTEXT_INJECTED, conv-5, r5, 2, , , , 3, key-5",
        "f6, CONTEXT_FAILED, conv-6, r6, 2, UPSTREAM_ERROR, , , 4, key-6",
        "f7, SESSION_OPENED, conv-7, r7, 2, , , , , ",
        "f8, SESSION_REFRESHED, conv-8, , , , , , 1, ",
        "f9, SESSION_EXPIRING, conv-9, , , , , , , ",
        "f10, SESSION_ENDED, conv-10, , , , , , , ",
        "f11, GUEST_LINKED, conv-12, , , , , , , ",
        "f12, CONVERSATION_MEASURED, conv-13, , , MEASURED, , , , ",
    })
    void everyFactHasItsEntry(
            String factId,
            AuditEvent event,
            String conversationId,
            String requestId,
            Integer attempt,
            String outcome,
            Integer httpStatus,
            Long latencyMs,
            Integer calls,
            String contextKey) {
        Fact fact = named(factId);
        AuditEntry entry = AuditEntries.of(fact).orElseThrow();
        assertEquals(factId, entry.auditId());
        assertEquals(Facts.SEVEN, entry.at());
        assertEquals(event, entry.event());
        assertEquals("k1.guest", entry.guestRef());
        assertEquals("channel-1", entry.channelId());
        assertEquals(Facts.SOURCE, entry.source());
        assertEquals(conversationId, entry.conversationId());
        assertEquals(requestId, entry.requestId());
        assertEquals(attempt, entry.attempt());
        assertEquals(outcome, entry.outcome());
        assertEquals(httpStatus, entry.httpStatus());
        assertEquals(latencyMs, entry.latencyMs());
        assertEquals(calls, entry.calls());
        assertEquals(contextKey == null ? List.of() : List.of(contextKey), entry.contextKeys());
    }

    @Test
    void aSessionsEndHasAllItsDetails() {
        assertEquals(
                new AuditDetails(
                        Facts.SEVEN.minusSeconds(900),
                        null,
                        null,
                        null,
                        Facts.SEVEN.minusSeconds(1),
                        EndReason.REVOKED,
                        6,
                        null,
                        null,
                        8,
                        9,
                        "conv-11",
                        Facts.SEVEN.plusSeconds(1000),
                        "CONSENT_WITHDRAWN",
                        null),
                AuditEntries.of(named("f10")).orElseThrow().details());
    }

    @Test
    void aRefreshHasBothEndsAndHowItCameAbout() {
        assertEquals(
                new AuditDetails(
                        null,
                        Facts.SEVEN.plusSeconds(3600),
                        Facts.SEVEN.plusSeconds(1800),
                        null,
                        null,
                        null,
                        4,
                        true,
                        false,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null),
                AuditEntries.of(named("f8")).orElseThrow().details());
    }

    /** So that a field that a fact gets later is not forgotten here. */
    @ParameterizedTest
    @MethodSource("facts")
    void everyFieldOfAFactIsInItsEntryExceptThoseThatAreLeftOutOnPurpose(Fact fact) {
        TreeMap<String, String> left = new TreeMap<>();
        leaves("", PLAIN.readTree(Fact.CODEC.write(fact)), left);
        left.keySet().removeAll(LEFT_OUT);
        TreeMap<String, String> told = new TreeMap<>();
        leaves("", PLAIN.readTree(CanonicalJson.of(AuditEntries.of(fact).orElseThrow())), told);
        left.values().removeAll(told.values());
        assertEquals(Set.of(), left.keySet());
    }

    @Test
    void everyKindOfFactIsLookedAtHere() {
        Set<String> kinds = new TreeSet<>();
        Stream.concat(Facts.oneOfEach().stream(), Stream.of(Facts.message("m")))
                .forEach(fact -> kinds.add(fact.getClass().getSimpleName()));
        Set<String> all = new TreeSet<>();
        Stream.of(Fact.class.getPermittedSubclasses()).forEach(kind -> all.add(kind.getSimpleName()));
        assertEquals(all, kinds);
    }

    @Test
    void aMessageIsNotAudited() {
        assertEquals(Optional.empty(), AuditEntries.of(Facts.message("m")));
    }

    @Test
    void aGuestWhoIsNotKnownYetIsAbsent() {
        Fact fact = new Fact.SessionExpiring(
                "f", Facts.SEVEN, "conv-1", Facts.DIMENSIONS, Facts.SOURCE, "conv-1", Facts.SEVEN, null);
        AuditEntry entry = AuditEntries.of(fact).orElseThrow();
        assertNull(entry.guestRef());
        assertEquals("conv-1", entry.conversationId());
    }

    static List<Fact> facts() {
        return Facts.oneOfEach();
    }

    private static Fact named(String factId) {
        return Facts.oneOfEach().stream()
                .filter(fact -> fact.factId().equals(factId))
                .findFirst()
                .orElseThrow();
    }

    private static void leaves(String name, JsonNode node, TreeMap<String, String> all) {
        if (node.isContainer()) {
            node.properties().forEach(member -> leaves(member.getKey(), member.getValue(), all));
            for (int i = 0; node.isArray() && i < node.size(); i++) {
                leaves(name + i, node.get(i), all);
            }
        } else {
            all.put(name, node.asString());
        }
    }
}
