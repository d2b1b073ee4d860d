package io.guestflow.processor.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeptStateTest {
    private static final Duration OLDEST = Duration.ofHours(1);

    private static final String CLOSED_FILE = "state-closed-at";

    private static final Set<String> APPLICATIONS = Set.of("guestflow-auth", "guestflow-sessions");

    @TempDir
    private Path stateDir;

    private Instant now = Instant.parse("2026-11-22T07:00:00Z");
    private Path application;
    private Path store;

    @BeforeEach
    void aTask() throws IOException {
        application = stateDir.resolve("streams").resolve("guestflow-auth");
        store = application.resolve("0_3").resolve("rocksdb").resolve("auth-ended");
        makeTask();
    }

    private void makeTask() throws IOException {
        Files.createDirectories(store);
        Files.writeString(store.resolve("000004.sst"), "state");
        Files.writeString(application.resolve("kafka-streams-process-metadata"), "{}");
    }

    private KeptState start() throws InstanceException {
        return KeptState.in(stateDir, APPLICATIONS, CLOSED_FILE, OLDEST, () -> now);
    }

    private boolean kept() {
        return Files.exists(store.resolve("000004.sst"));
    }

    @ParameterizedTest(name = "closed {0} s before the start")
    @ValueSource(longs = {0, 3_600, -60})
    void stateThatWasClosedJustNowIsBuiltUpon(long seconds) throws Exception {
        start().closed();
        makeTask();
        now = now.plusSeconds(seconds);

        assertEquals(stateDir.resolve("streams"), start().directory());
        assertTrue(kept());
    }

    @ParameterizedTest(name = "closed {0} s before the start")
    @ValueSource(longs = {3_601, 1_000_000, -61, -1_000_000})
    void stateThatMayHaveMissedDeletionsIsDeleted(long seconds) throws Exception {
        start().closed();
        makeTask();
        now = now.plusSeconds(seconds);

        start();

        assertFalse(kept());
        assertFalse(Files.exists(application.resolve("0_3")));
        assertTrue(
                Files.exists(application.resolve("kafka-streams-process-metadata")),
                "by it a transaction that was left open ends at once");
    }

    /** What keeps an application from starting may last for days. */
    @Test
    void stateThatHasBecomeTooOldWhileItWasWaitedForIsDeletedToo() throws Exception {
        start().closed();
        makeTask();
        KeptState state = start();
        now = now.plus(OLDEST);
        state.deleteIfTooOld();
        assertTrue(kept());

        now = now.plusSeconds(1);
        state.deleteIfTooOld();
        assertFalse(kept());
    }

    @Test
    void whatWasWrittenSinceTheLastCloseMayNeverHaveReachedTheDisk() throws Exception {
        start().closed();
        makeTask();
        now = now.plus(Duration.ofMinutes(50));
        start();
        assertTrue(kept(), "a life that began with good state");

        // and was killed after 20 minutes of work.
        now = now.plus(Duration.ofMinutes(20));
        start();

        assertFalse(kept());
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"", "yesterday"})
    void stateOfAnUnknownAgeIsDeleted(String closedAt) throws Exception {
        Files.writeString(stateDir.resolve(CLOSED_FILE), closedAt);

        start();

        assertFalse(kept());
    }

    @Test
    void aDirectoryWithoutStateIsLeftAlone() throws Exception {
        start();
        start();
        assertTrue(Files.exists(application));

        Path empty = Files.createDirectory(stateDir.resolve("another"));
        assertEquals(
                empty.resolve("streams"),
                KeptState.in(empty, APPLICATIONS, CLOSED_FILE, OLDEST, () -> now)
                        .directory());
        assertFalse(Files.exists(empty.resolve("streams")));
    }

    /** What is derived takes longer to restore, and its changelogs tell of deletions for longer. */
    @Test
    void applicationsHaveStateOfDifferentAges() throws Exception {
        start().closed();
        startDerived().closed();
        makeTask();
        Path derived = Files.createDirectories(
                stateDir.resolve("streams").resolve("guestflow-facts").resolve("0_3"));

        now = now.plus(Duration.ofHours(5));
        start().closed();
        startDerived();
        assertFalse(kept());
        assertTrue(Files.exists(derived));

        makeTask();
        now = now.plus(Duration.ofMinutes(30));
        start();
        startDerived();
        assertTrue(kept());
        assertTrue(Files.exists(derived));

        now = now.plus(Duration.ofHours(19));
        startDerived();
        assertTrue(kept());
        assertFalse(Files.exists(derived), "24.5 h after it was closed, whatever others have been since");
    }

    /** As where its changelogs have kept too little of what was deleted. */
    @Test
    void stateThatIsDiscardedIsRestoredByThisStartAndTheNext() throws Exception {
        start().closed();
        makeTask();
        KeptState state = start();
        assertTrue(kept());
        state.discard();
        assertFalse(kept());
        makeTask();
        state.closed();

        start();
        assertFalse(kept());
        makeTask();
        start().closed();
        makeTask();
        start();
        assertTrue(kept(), "a life that began with good state again");
    }

    private KeptState startDerived() throws InstanceException {
        return KeptState.in(
                stateDir, Set.of("guestflow-facts"), "derived-state-closed-at", Duration.ofHours(24), () -> now);
    }
}
