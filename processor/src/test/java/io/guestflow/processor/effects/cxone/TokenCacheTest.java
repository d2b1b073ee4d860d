package io.guestflow.processor.effects.cxone;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.guestflow.processor.effects.cxone.CallFailure.Cause;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
final class TokenCacheTest {

    private static final CallFailure REFUSED = new CallFailure.Unauthorized(CallFailure.Which.CREDENTIALS);
    private static final CallFailure BROKEN = new CallFailure.UpstreamError(503, Cause.SERVER_ERROR);

    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-11-22T07:00:00Z"));
    private final AtomicInteger fetches = new AtomicInteger();
    private final BlockingQueue<TokenAnswer> answers = new LinkedBlockingQueue<>();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final TokenCache cache =
            new TokenCache(this::fetch, now::get, new Backoff(Duration.ofMillis(100), Duration.ofSeconds(5), () -> 1));

    @AfterEach
    void stop() {
        threads.shutdownNow();
    }

    /** Waits until the test gives an answer, as the network would. */
    private TokenAnswer fetch() {
        fetches.incrementAndGet();
        try {
            return answers.take();
        } catch (InterruptedException e) {
            throw new CancellationException("test is over");
        }
    }

    private TokenAnswer issued(String value, Duration lifetime) {
        return new TokenAnswer.Issued(Token.issued(value, now.get(), lifetime));
    }

    private TokenAnswer get() {
        return cache.get(now.get().plusSeconds(10));
    }

    private static String value(TokenAnswer answer) {
        return assertInstanceOf(TokenAnswer.Issued.class, answer).token().value();
    }

    private void pass(Duration time) {
        now.updateAndGet(instant -> instant.plus(time));
    }

    @Test
    void aColdStartIsOneCallForAllWhoWait() throws Exception {
        List<Future<TokenAnswer>> callers = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            callers.add(threads.submit(this::get));
        }
        await().until(() -> fetches.get() == 1);
        answers.add(issued("one", Duration.ofHours(1)));
        HashSet<String> values = new HashSet<>();
        for (Future<TokenAnswer> caller : callers) {
            values.add(value(caller.get(5, TimeUnit.SECONDS)));
        }
        assertEquals(List.of("one"), List.copyOf(values));
        assertEquals(1, fetches.get());
    }

    @Test
    void aMinuteBeforeItsEndATokenIsReplacedWhileItStillServes() {
        answers.add(issued("one", Duration.ofHours(1)));
        assertEquals("one", value(get()));
        pass(Duration.ofMinutes(59).minusMillis(1));
        assertEquals("one", value(get()));
        assertEquals(1, fetches.get());

        pass(Duration.ofMillis(1));
        for (int i = 0; i < 50; i++) {
            assertEquals("one", value(get()));
        }
        await().until(() -> fetches.get() == 2);
        answers.add(issued("two", Duration.ofHours(1)));
        await().until(() -> value(get()).equals("two"));
        assertEquals(2, fetches.get());
    }

    @Test
    void aShortLivedTokenIsReplacedAtHalfItsLife() {
        answers.add(issued("one", Duration.ofSeconds(100)));
        get();
        pass(Duration.ofSeconds(49));
        get();
        assertEquals(1, fetches.get());
        pass(Duration.ofSeconds(1));
        assertEquals("one", value(get()));
        await().until(() -> fetches.get() == 2);
    }

    @Test
    void anExpiredTokenIsNeverHandedOut() throws Exception {
        answers.add(issued("one", Duration.ofSeconds(100)));
        get();
        pass(Duration.ofSeconds(100));
        Future<TokenAnswer> caller = threads.submit(this::get);
        await().until(() -> fetches.get() == 2);
        assertFalse(caller.isDone());
        answers.add(issued("two", Duration.ofSeconds(100)));
        assertEquals("two", value(caller.get(5, TimeUnit.SECONDS)));
    }

    @Test
    void onlyTheTokenThatWasRefusedIsDropped() {
        answers.add(issued("one", Duration.ofHours(1)));
        Token one = assertInstanceOf(TokenAnswer.Issued.class, get()).token();
        cache.drop(one);
        answers.add(issued("two", Duration.ofHours(1)));
        assertEquals("two", value(get()));
        cache.drop(one);
        assertEquals("two", value(get()));
        assertEquals(2, fetches.get());
    }

    @Test
    void aRefusalIsBelievedForAWhile() {
        answers.add(new TokenAnswer.None(REFUSED));
        for (int i = 0; i < 100; i++) {
            assertEquals(new TokenAnswer.None(REFUSED), get());
        }
        assertEquals(1, fetches.get());
        pass(TokenCache.REFUSAL_BELIEVED);
        answers.add(issued("one", Duration.ofHours(1)));
        assertEquals("one", value(get()));
    }

    @Test
    void aBrokenTokenEndpointIsAskedLessAndLessOften() {
        answers.add(new TokenAnswer.None(BROKEN));
        assertEquals(new TokenAnswer.None(BROKEN), get());
        pass(Duration.ofMillis(99));
        assertEquals(new TokenAnswer.None(BROKEN), get());
        assertEquals(1, fetches.get());
        pass(Duration.ofMillis(1));
        answers.add(new TokenAnswer.None(BROKEN));
        get();
        pass(Duration.ofMillis(199));
        get();
        assertEquals(2, fetches.get());
        pass(Duration.ofMillis(1));
        answers.add(issued("one", Duration.ofHours(1)));
        assertEquals("one", value(get()));
        assertEquals(3, fetches.get());
    }

    @Test
    void aFailedReplacementLeavesTheOldTokenInUse() {
        answers.add(issued("one", Duration.ofHours(1)));
        get();
        pass(Duration.ofMinutes(59));
        answers.add(new TokenAnswer.None(REFUSED));
        assertEquals("one", value(get()));
        await().until(() -> fetches.get() == 2);
        for (int i = 0; i < 20; i++) {
            assertEquals("one", value(get()));
        }
        assertEquals(2, fetches.get());
    }

    @Test
    void aCallerWithoutTimeLeavesAndTheOthersStillGetTheToken() throws Exception {
        Future<TokenAnswer> patient = threads.submit(this::get);
        await().until(() -> fetches.get() == 1);
        TokenAnswer hasty = cache.get(now.get().plusMillis(10));
        assertEquals(new TokenAnswer.None(new CallFailure.UpstreamError(null, Cause.TIMEOUT)), hasty);
        answers.add(issued("one", Duration.ofHours(1)));
        assertEquals("one", value(patient.get(5, TimeUnit.SECONDS)));
        assertEquals(1, fetches.get());
    }

    @Test
    void anInterruptedCallerIsBrokenOff() throws Exception {
        Future<TokenAnswer> patient = threads.submit(this::get);
        await().until(() -> fetches.get() == 1);
        Thread.currentThread().interrupt();
        assertThrows(CancellationException.class, this::get);
        assertEquals(true, Thread.interrupted());
        answers.add(issued("one", Duration.ofHours(1)));
        assertEquals("one", value(patient.get(5, TimeUnit.SECONDS)));
    }

    @Test
    void theTokenIsInNoText() {
        TokenAnswer answer = issued("top-secret", Duration.ofHours(1));
        assertFalse(answer.toString().contains("top-secret"));
    }

    @Test
    void anAbsurdLifetimeIsNoOverflow() {
        assertEquals(
                now.get().plus(Duration.ofDays(365)),
                Token.issued("t", now.get(), Duration.ofSeconds(Long.MAX_VALUE)).expiresAt());
    }
}
