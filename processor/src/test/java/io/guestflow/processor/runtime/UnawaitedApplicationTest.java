package io.guestflow.processor.runtime;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.LoggerFactory;

@Timeout(60)
class UnawaitedApplicationTest {
    private static final Logger LOG = (Logger) LoggerFactory.getLogger(UnawaitedApplication.class);

    private final List<ILoggingEvent> logged = new CopyOnWriteArrayList<>();
    private final List<String> endedProcess = new CopyOnWriteArrayList<>();
    private final AtomicInteger begun = new AtomicInteger();
    private final AtomicReference<@Nullable String> wrong = new AtomicReference<>();
    private final UnawaitedApplication application =
            new UnawaitedApplication("aside", (line, cause) -> endedProcess.add(line), Duration.ofMillis(5));
    private final AppenderBase<ILoggingEvent> appender = new AppenderBase<>() {
        @Override
        protected void append(ILoggingEvent event) {
            logged.add(event);
        }
    };

    @BeforeEach
    void listen() {
        appender.start();
        LOG.addAppender(appender);
    }

    @AfterEach
    void close() {
        application.close();
        LOG.detachAppender(appender);
    }

    @Test
    void whatIsInOrderBeginsAndHasNothingToTell() {
        start();

        await().until(() -> begun.get() == 1);
        assertEquals(Optional.empty(), application.down());
        assertEquals(List.of(), logged);
    }

    @Test
    void whatIsKeptFromStartingIsToldAgainAndAgainAndStartsByItself() {
        wrong.set("topic x is not as it must be");
        start();

        await().until(() -> errors().size() > 2);
        assertEquals(0, begun.get());
        assertEquals(Optional.of("topic x is not as it must be"), application.down());
        assertTrue(
                errors().getLast()
                        .startsWith(
                                "aside is down, and only that: topic x is not as it must be. This is looked at again"),
                errors()::getLast);

        wrong.set(null);
        await().until(() -> begun.get() == 1);
        assertEquals(Optional.empty(), application.down());
    }

    @Test
    void whatEndsIsToldAgainAndAgainAndEndsNothingElse() {
        start();
        await().until(() -> begun.get() == 1);
        application.ended("aside cannot go on: state of another version", new IllegalStateException("first"));
        application.ended("aside cannot go on: the next thread", new IllegalStateException("second"));

        await().until(() -> errors().size() > 2);
        assertEquals(Optional.of("aside cannot go on: state of another version"), application.down());
        assertTrue(errors().stream()
                .allMatch(line ->
                        line.equals("aside is down, and only that: aside cannot go on: state of another version."
                                + " It stays down until this process is started again")));
        assertEquals(
                1,
                logged.stream()
                        .filter(event -> event.getThrowableProxy() != null)
                        .count(),
                "traces");
        assertEquals(List.of(), endedProcess);
        assertEquals(1, begun.get());
    }

    @Test
    void whatCannotBeStartedHasEnded() {
        application.start(() -> {}, () -> {
            throw new IllegalStateException("locked");
        });

        await().until(() -> application.down().isPresent());
        assertEquals(Optional.of("aside could not be started: java.lang.IllegalStateException"), application.down());
    }

    @Test
    void aDefectOfTheCheckIsOneOfItsFindings() {
        CountDownLatch looked = new CountDownLatch(2);
        application.start(
                () -> {
                    looked.countDown();
                    throw new IllegalStateException("no consumer");
                },
                begun::incrementAndGet);

        await().until(() -> looked.getCount() == 0);
        assertTrue(application.down().orElseThrow().endsWith("java.lang.IllegalStateException"));
        assertEquals(0, begun.get());
    }

    /** Memory that one application has used up is everybody's. */
    @Test
    void memoryThatIsUsedUpEndsTheProcess() {
        start();
        application.ended("aside cannot go on", new IllegalStateException(new OutOfMemoryError("heap")));

        assertEquals(List.of("aside cannot go on"), endedProcess);
        assertEquals(Optional.empty(), application.down());
    }

    @Test
    void afterTheEndNothingIsToldOrBegun() {
        wrong.set("wrong");
        start();
        await().until(() -> !errors().isEmpty());
        application.close();
        application.ended("late", new IllegalStateException());

        assertEquals(Optional.of("wrong"), application.down());
        assertEquals(0, begun.get());
    }

    private void start() {
        application.start(
                () -> {
                    String why = wrong.get();
                    if (why != null) {
                        throw new BrokerException(why, null);
                    }
                },
                begun::incrementAndGet);
    }

    private List<String> errors() {
        return logged.stream()
                .filter(event -> event.getLevel() == Level.ERROR)
                .map(ILoggingEvent::getFormattedMessage)
                .toList();
    }
}
