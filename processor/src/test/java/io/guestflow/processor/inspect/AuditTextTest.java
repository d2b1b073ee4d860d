package io.guestflow.processor.inspect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class AuditTextTest {
    private final Audits chain = new Audits(3);

    @Test
    void anAuthenticationTellsWhatWasAskedAndAnswered() {
        assertEquals(
                "2026-11-22T07:00:00.143Z  AUTH_SUCCEEDED     AUTHENTICATED, conversation conv-1, request r-1, attempt 1,"
                        + " guest k1.guest, channel channel-1, HTTP 201, 143 ms, 2 calls, consent accepted to v2.1 at"
                        + " 2026-11-22T07:00:00Z, context segment campaign, dropped unknown#1 NOT_ALLOWED, expires"
                        + " 2026-11-22T07:30:00.143Z, because of cxone-auth-outcomes/3/17, number 1 of 3",
                AuditText.line(chain.next(Audits.succeeded("a", "r-1", "conv-1"))));
    }

    @Test
    void anEndTellsWhyAndWhen() {
        assertEquals(
                "2026-11-22T07:15:00.143Z  SESSION_ENDED      conversation conv-1, guest k1.guest, channel channel-1,"
                        + " REVOKED, CONSENT_WITHDRAWN, opened 2026-11-22T07:00:00.143Z, ended"
                        + " 2026-11-22T07:15:00.143Z, refreshes 1, messages in 4, out 5, CXone keeps it until"
                        + " 2026-11-22T07:30:00.143Z, because of session-events/1/9, number 1 of 3",
                AuditText.line(chain.next(Audits.ended("b", "conv-1"))));
    }

    @Test
    void noIdCanForgeALineOrHideOne() {
        String line = AuditText.line(
                chain.next(Audits.succeeded("a", "x\n2026-11-22T07:00:00.143Z\u001b[2K\u202e\u2028\u00e9", "conv-1")));
        assertTrue(
                line.contains("request x\\u{a}2026-11-22T07:00:00.143Z\\u{1b}[2K\\u{202e}\\u{2028}\u00e9, attempt"),
                line);
        assertEquals(1, line.lines().count());
    }
}
