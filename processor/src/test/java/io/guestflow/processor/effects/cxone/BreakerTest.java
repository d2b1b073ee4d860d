package io.guestflow.processor.effects.cxone;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.LoggerFactory;

@Timeout(20)
final class BreakerTest {

    private static final Duration LONG = Duration.ofSeconds(15);

    private final AtomicInteger openings = new AtomicInteger();
    private final Breaker breaker = new Breaker(
            Circuit.CREATE,
            new Breaker.Settings(10, 4, 50, Duration.ofSeconds(10), 2),
            InstantSource.system(),
            openings::incrementAndGet);

    @AfterEach
    void stop() {
        breaker.close();
    }

    private void calls(int failed, int succeeded) {
        for (int i = 0; i < succeeded; i++) {
            assertTrue(breaker.enter());
            breaker.succeeded(1);
        }
        for (int i = 0; i < failed; i++) {
            assertTrue(breaker.enter());
            breaker.failed(1, "HTTP status 503");
        }
    }

    private CompletableFuture<Boolean> resting() {
        CompletableFuture<Boolean> rested = new CompletableFuture<>();
        Thread sleeper = Thread.ofVirtual().start(() -> {
            try {
                rested.complete(breaker.rest(LONG));
            } catch (CancellationException e) {
                rested.completeExceptionally(e);
            }
        });
        await().until(() -> sleeper.getState() == Thread.State.TIMED_WAITING);
        return rested;
    }

    @Test
    void itOpensOnceEnoughOfEnoughCallsFailed() {
        calls(3, 0);
        assertFalse(breaker.isOpen());
        calls(0, 1);
        assertTrue(breaker.isOpen(), "3 of 4 failed");
        assertFalse(breaker.enter());
        assertEquals(1, openings.get());
        assertEquals(2, breaker.stateNumber());
        Duration retryAfter = breaker.retryAfter();
        assertTrue(
                retryAfter.compareTo(Duration.ofSeconds(8)) > 0 && retryAfter.compareTo(Duration.ofSeconds(10)) <= 0);
    }

    @Test
    void theOperatorIsToldHowCxoneFails() {
        ListAppender<ILoggingEvent> logged = new ListAppender<>();
        logged.start();
        Logger logger = (Logger) LoggerFactory.getLogger(Breaker.class);
        logger.addAppender(logged);
        calls(4, 0);
        logger.detachAppender(logged);

        String line = logged.list.getFirst().getFormattedMessage();
        assertTrue(line.contains("HTTP status 503") && line.contains(Circuit.CREATE.label()), line);
    }

    @Test
    void callsThatSayNothingDoNotCount() {
        for (int i = 0; i < 20; i++) {
            assertTrue(breaker.enter());
            breaker.leave();
        }
        calls(2, 3);
        assertFalse(breaker.isOpen());
    }

    @Test
    void aRestEndsAtOnceWhenItOpensMeanwhile() throws Exception {
        CompletableFuture<Boolean> rested = resting();
        calls(4, 0);
        assertFalse(rested.get(5, TimeUnit.SECONDS));
    }

    @Test
    void thereIsNoRestWhileItIsOpen() {
        calls(4, 0);
        long start = System.nanoTime();
        assertFalse(breaker.rest(LONG));
        assertTrue(System.nanoTime() - start < 5_000_000_000L);
    }

    @Test
    void aRestUndisturbedIsAsLongAsItShould() {
        long start = System.nanoTime();
        assertTrue(breaker.rest(Duration.ofMillis(50)));
        assertTrue(System.nanoTime() - start >= 50_000_000L);
    }

    @Test
    void closingEndsARest() {
        CompletableFuture<Boolean> rested = resting();
        breaker.close();
        assertThrows(CancellationException.class, () -> rested.get(5, TimeUnit.SECONDS));
    }
}
