package io.guestflow.processor.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.guestflow.processor.wire.CommitPacer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.streams.KafkaStreams.State;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Real applications, which nobody answers. */
@Timeout(60)
class ApplicationLivesTest {
    private static final Duration BOUND = Duration.ofSeconds(30);

    private final Topology topology =
            new Topology().addSource("in", new ByteArrayDeserializer(), new ByteArrayDeserializer(), "in");
    private final List<StreamsApplication> made = new ArrayList<>();
    private InstanceIdentity identity;
    private ApplicationLives lives;

    @BeforeEach
    void makeTheFirst(@TempDir Path dir) throws Exception {
        identity = InstanceIdentity.claim(dir, Optional.empty());
        KeptState kept = KeptState.in(identity, Set.of("facts"), "closed-at", Duration.ofDays(1));
        lives = new ApplicationLives(() -> make(kept), kept, BOUND);
    }

    @AfterEach
    void close() throws Exception {
        made.forEach(each -> each.close(BOUND, false));
        identity.close();
    }

    private StreamsApplication make(KeptState kept) {
        StreamsApplication application = new StreamsApplication(
                topology,
                Map.of(
                        StreamsConfig.APPLICATION_ID_CONFIG, "facts",
                        StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "127.0.0.1:1",
                        StreamsConfig.STATE_DIR_CONFIG, kept.directory().toString()),
                Duration.ZERO,
                MainConsumers.plain(CommitPacer.askingForNone()),
                new SlewedClock(),
                (line, failure) -> {});
        made.add(application);
        return application;
    }

    @Test
    void aLifeBeginsWhereTheOneBeforeHasEnded() throws Exception {
        assertEquals(1, made.size(), "what is wrong with it is found before it is to begin");
        lives.endBefore();
        lives.begin();
        assertEquals(1, made.size());

        lives.endBefore();
        assertEquals(State.NOT_RUNNING, made.getFirst().streams().state());
        lives.endBefore();
        lives.begin();
        assertEquals(2, made.size());
        assertFalse(lives.isRunning(), "there is no broker");
        assertSame(made.getLast(), lives.over());
    }

    @Test
    void noneBeginsOnceItIsOver() throws Exception {
        assertSame(made.getFirst(), lives.over());
        lives.begin();
        assertEquals(State.CREATED, made.getFirst().streams().state());

        lives.endBefore();
        lives.begin();
        assertEquals(1, made.size());
    }
}
