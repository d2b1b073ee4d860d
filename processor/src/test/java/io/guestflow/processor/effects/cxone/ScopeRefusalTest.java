package io.guestflow.processor.effects.cxone;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What is remembered of tokens that were refused. */
class ScopeRefusalTest {
    private static final Instant NOW = Instant.parse("2026-11-22T07:00:00Z");
    private static final int TOGETHER = 4;

    private final AtomicInteger issued = new AtomicInteger();
    private final TokenCache tokens =
            new TokenCache(this::issue, () -> NOW, new Backoff(Duration.ofMillis(1), Duration.ofMillis(1), () -> 0));
    private final ScopeRefusal refusal = new ScopeRefusal();

    /** Who comes second must not take the token that the first one is about to drop for the new one. */
    @Test
    void ofSeveralThatAreRefusedTogetherNobodyTakesTheRefusedTokenForTheNewOne() throws Exception {
        CyclicBarrier together = new CyclicBarrier(TOGETHER);
        try (ExecutorService threads = Executors.newFixedThreadPool(TOGETHER)) {
            for (int round = 0; round < 500; round++) {
                ScopeRefusal ofRound = new ScopeRefusal();
                Token refused = token();
                List<Future<Boolean>> renewed = new ArrayList<>();
                for (int i = 0; i < TOGETHER; i++) {
                    renewed.add(threads.submit(() -> {
                        together.await();
                        return ofRound.renew(refused, tokens, NOW);
                    }));
                }
                for (Future<Boolean> one : renewed) {
                    assertTrue(one.get());
                }
                assertNull(tokens.serving());
            }
        }
    }

    @Test
    void aTokenIsDroppedOnceInAWhile() {
        Token first = token();
        assertTrue(refusal.renew(first, tokens, NOW));
        Token second = token();
        assertFalse(
                refusal.renew(second, tokens, NOW.plus(ScopeRefusal.BELIEVED).minusMillis(1)));
        assertEquals(second, tokens.serving());
        assertTrue(refusal.renew(second, tokens, NOW.plus(ScopeRefusal.BELIEVED)));
    }

    /** A page that is answered and a next one that never is would cost everybody a token for each command. */
    @Test
    void onlyWhatANewTokenHasHelpedMayDropTheNextOneAtOnce() {
        assertTrue(refusal.renew(token(), tokens, NOW));
        Token second = token();
        refusal.refused(NOW);
        refusal.accepted(false);
        assertFalse(refusal.isBelieved(NOW));
        assertFalse(refusal.renew(second, tokens, NOW));
        refusal.accepted(true);
        assertTrue(refusal.renew(second, tokens, NOW));
    }

    private Token token() {
        return assertInstanceOf(TokenAnswer.Issued.class, tokens.get(NOW.plus(Duration.ofSeconds(30))))
                .token();
    }

    private TokenAnswer issue() {
        return new TokenAnswer.Issued(new Token(
                "token-" + issued.incrementAndGet(), NOW.plus(Duration.ofHours(1)), NOW.plus(Duration.ofHours(1))));
    }
}
