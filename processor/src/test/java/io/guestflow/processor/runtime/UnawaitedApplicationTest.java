package io.guestflow.processor.runtime;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import io.guestflow.processor.wire.UnreadableState;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.apache.kafka.common.errors.InterruptException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.LoggerFactory;

@Timeout(60)
class UnawaitedApplicationTest {
    private static final Duration EVERY = Duration.ofMillis(5);
    private static final Logger LOG = (Logger) LoggerFactory.getLogger(UnawaitedApplication.class);

    private final List<ILoggingEvent> logged = new CopyOnWriteArrayList<>();
    private final List<String> endedProcess = new CopyOnWriteArrayList<>();
    private final AtomicInteger begun = new AtomicInteger();
    private final AtomicReference<@Nullable String> wrong = new AtomicReference<>();
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final UnawaitedApplication application =
            new UnawaitedApplication("aside", (line, cause) -> endedProcess.add(line), registry, EVERY);
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
    void whatOnlyAPersonCanMendIsToldAgainAndAgainAndEndsNothingElse() {
        start();
        await().until(() -> begun.get() == 1);
        application.ended(
                "aside cannot go on: state of another version",
                new IllegalStateException(new UnreadableState("of another version")));
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
    void whatHasEndedByItselfIsStartedAgainOnceThatIsCheckedAgain() {
        start();
        for (int life = 1; life <= 3; life++) {
            int lives = life;
            await().until(() -> begun.get() == lives);
            assertEquals(Optional.empty(), application.down());
            assertEquals(life - 1, restarts());
            wrong.set("not yet");
            application.ended("aside cannot go on: no right to write", new IllegalStateException("of life " + life));
            application.ended("aside cannot go on: the next thread", new IllegalStateException());
            await().until(() -> application.down().equals(Optional.of("not yet")));
            assertEquals(life, begun.get());
            wrong.set(null);
        }
        await().until(() -> begun.get() == 4);
        assertEquals(3, restarts());
        assertTrue(
                errors().stream().anyMatch(line -> line.contains("no right to write. It is started again by itself")));
        assertTrue(errors().stream().noneMatch(line -> line.contains("until this process is started again")));
        assertEquals(List.of(), endedProcess);
    }

    @Test
    void itStaysEndedForLongerEachTimeAndNotForEver() {
        assertEquals(
                List.of(1L, 2L, 4L, 8L, 16L, 30L, 30L),
                IntStream.rangeClosed(1, 7)
                        .mapToObj(UnawaitedApplication::pauses)
                        .toList());
        assertEquals(30, UnawaitedApplication.pauses(Integer.MAX_VALUE));
    }

    @Test
    void whatCannotBeStartedHasEnded() {
        application.start(() -> {}, () -> {
            if (begun.incrementAndGet() < 3) {
                throw new NoClassDefFoundError("whatever it is");
            }
        });

        await().until(() -> !errors().isEmpty());
        assertTrue(errors().getFirst().contains("aside could not be started: java.lang.NoClassDefFoundError"));
        await().until(() -> begun.get() == 3);
        assertEquals(List.of(), endedProcess);
    }

    @Test
    void aDefectOfTheCheckIsOneOfItsFindings() {
        CountDownLatch looked = new CountDownLatch(2);
        application.start(
                () -> {
                    looked.countDown();
                    if (looked.getCount() == 1) {
                        throw new NoClassDefFoundError("whatever it is");
                    }
                    throw new IllegalStateException("no consumer");
                },
                begun::incrementAndGet);

        await().until(() ->
                looked.getCount() == 0 && application.down().orElse("").endsWith("java.lang.IllegalStateException"));
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

    /** The close waits for the thread, which would have looked again by then. */
    @Test
    void afterTheEndNothingIsToldOrBegun() throws InterruptedException {
        wrong.set("wrong");
        start();
        await().until(() -> !errors().isEmpty());
        application.close();
        assertEnded();
        int told = errors().size();
        wrong.set(null);
        application.ended("late", new IllegalStateException());

        assertEquals(told, errors().size());
        assertEquals(Optional.of("wrong"), application.down());
        assertEquals(0, begun.get());
    }

    @Test
    void whatWasClosedBeforeItsStartIsNotBegun() throws InterruptedException {
        application.close();
        start();
        assertEnded();
        assertEquals(0, begun.get());
    }

    /** Kafka's clients say in their own ways that they were interrupted. */
    @Test
    void whatTheEndInterruptsIsNoFinding() throws InterruptedException {
        List<Runnable> said = List.of(
                () -> {
                    throw new InterruptException("polling");
                },
                () -> {
                    throw new NoClassDefFoundError("while it ends");
                });
        for (Runnable says : said) {
            CountDownLatch looking = new CountDownLatch(1);
            UnawaitedApplication closing =
                    new UnawaitedApplication("closing", (line, cause) -> endedProcess.add(line), registry, EVERY);
            closing.start(
                    () -> {
                        looking.countDown();
                        try {
                            new CountDownLatch(1).await();
                        } catch (InterruptedException interrupted) {
                            says.run();
                        }
                    },
                    begun::incrementAndGet);
            looking.await();
            closing.close();
            assertEnded();
            assertEquals(Optional.empty(), closing.down());
        }
        assertEquals(List.of(), errors());
        assertEquals(0, begun.get());
    }

    /** Of what waits to be looked at or begun, or looks after what was. */
    private static void assertEnded() throws InterruptedException {
        for (Thread thread : Thread.getAllStackTraces().keySet()) {
            if (thread.getName().startsWith("life-of-")) {
                assertTrue(thread.join(Duration.ofSeconds(30)), thread.getName());
            }
        }
    }

    private double restarts() {
        return registry.get("guestflow.application.restarts")
                .tag("application", "aside")
                .counter()
                .count();
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
