package io.guestflow.processor.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ChangelogTombstonesTest {
    private static final Duration NEEDED = Duration.ofDays(2);

    @Test
    void aChangelogOfAnEarlierVersionIsNamedWithTheCommandThatMendsIt() {
        assertEquals(
                Optional.of(
                        "topic guestflow-facts-measure-timers-changelog tells of what was deleted for PT2H, should for"
                                + " PT48H: until it does, its application's state is restored whole at each start:"
                                + " kafka-configs.sh --bootstrap-server kafka:9092 --alter --entity-type topics --entity-name"
                                + " guestflow-facts-measure-timers-changelog --add-config delete.retention.ms=172800000"),
                finding(Map.of("cleanup.policy", "compact", "delete.retention.ms", "7200000")));
    }

    @Test
    void oneThatTellsForLongEnoughIsFine() {
        assertEquals(
                Optional.empty(), finding(Map.of("cleanup.policy", "compact", "delete.retention.ms", "172800000")));
    }

    @Test
    void oneThatForgetsByTimeHasNoDeletions() {
        assertEquals(
                Optional.empty(),
                finding(Map.of("cleanup.policy", "compact,delete", "delete.retention.ms", "7200000")));
    }

    private static Optional<String> finding(Map<String, String> config) {
        return ChangelogTombstones.finding(
                "guestflow-facts-measure-timers-changelog", config, NEEDED, new TopicCommands("kafka:9092"));
    }
}
