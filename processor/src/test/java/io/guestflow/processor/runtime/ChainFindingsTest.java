package io.guestflow.processor.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ChainFindingsTest {
    private static final AuditChains.Application APPLICATION =
            new AuditChains.Application("guestflow-facts", "the-heads", "the-known", head -> 0);
    private static final ChainTail END = new ChainTail(7, "hash-7", Instant.parse("2026-11-22T07:00:00Z"), Set.of("g"));
    private static final FoundChain WHOLE = new FoundChain(0, END, 7, true, false);

    @Test
    void ofChainsThatAreWholeNothingIsTold() {
        for (ChainFindings findings : List.of(findings(), findings(WHOLE))) {
            assertEquals(Optional.empty(), findings.refusal(false));
            assertEquals(Optional.empty(), findings.goingOn());
            assertEquals(Optional.empty(), findings.forgotten());
        }
    }

    @Test
    void aChainWhoseStateIsGoneOrBehindGoesOnOnlyIfItMay() {
        for (long state : new long[] {0, 6}) {
            ChainFindings findings = findings(WHOLE, new FoundChain(3, END, state, true, false));
            String why = findings.refusal(false).orElseThrow();
            assertTells(why, "guest-audit/3 ends at number 7 with hash hash-7, its state at number " + state);
            assertTells(why, "GUESTFLOW_AUDIT_ON_LOST_STATE=continue");
            assertTells(why, "Delete the state directories of guestflow-facts on every instance");
            assertTells(why, "the-heads");
            assertTrue(!why.contains("guest-audit/0"), why);

            assertEquals(Optional.empty(), findings.refusal(true));
            assertTells(findings.goingOn().orElseThrow(), "guest-audit/3 ends at number 7");
        }
    }

    @Test
    void noChainGoesOnWhereTheGroupWouldReadAgainWhatWasAudited() {
        ChainFindings findings = findings(WHOLE, new FoundChain(3, END, 0, true, true));
        String command =
                "kafka-consumer-groups.sh --bootstrap-server kafka:9092 --group guestflow-facts --topic guest-facts:3"
                        + " --reset-offsets --to-datetime 2026-11-22T07:00:00.000Z --execute";
        assertTells(findings.refusal(true).orElseThrow(), command);
        assertTells(findings.refusal(false).orElseThrow(), command);
        assertTells(findings.refusal(false).orElseThrow(), "GUESTFLOW_AUDIT_ON_LOST_STATE=continue");
        assertTrue(!findings.refusal(true).orElseThrow().contains("guest-facts:0"));
    }

    @Test
    void whereNothingIsKnownThatIsToldAndEnoughIfNothingIsReadAgain() {
        ChainFindings findings = findings(WHOLE, new FoundChain(3, END, 7, false, false));
        assertEquals(Optional.empty(), findings.refusal(false));
        assertEquals(Optional.empty(), findings.goingOn());
        assertTells(findings.forgotten().orElseThrow(), "the-known has nothing of partitions 3,");

        ChainFindings again = findings(new FoundChain(3, END, 7, false, true), new FoundChain(4, END, 7, false, true));
        String why = again.refusal(true).orElseThrow();
        assertTells(why, "guest-facts:3");
        assertTells(why, " && kafka-consumer-groups.sh");
        assertTrue(!why.contains("ON_LOST_STATE"), why);
    }

    @Test
    void whatIsKnownMayBeReadAgain() {
        assertEquals(
                Optional.empty(),
                findings(new FoundChain(3, END, 7, true, true)).refusal(false));
    }

    private static ChainFindings findings(FoundChain... chains) {
        return new ChainFindings(List.of(chains), APPLICATION, new TopicCommands("kafka:9092"));
    }

    private static void assertTells(String text, String what) {
        assertTrue(text.contains(what), text);
    }
}
