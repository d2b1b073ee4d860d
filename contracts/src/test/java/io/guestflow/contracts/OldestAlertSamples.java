package io.guestflow.contracts;

import io.guestflow.contracts.alerts.Alert;
import io.guestflow.contracts.alerts.AlertCounts;
import io.guestflow.contracts.alerts.AlertKind;
import io.guestflow.contracts.alerts.AlertState;
import java.time.Instant;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;

/** What the oldest samples of alerts say. */
final class OldestAlertSamples {
    private static final Instant SEVEN = Instant.parse("2026-11-22T07:00:00Z");
    private static final String CHANNEL = "channel:web-messaging-channel-01";

    private OldestAlertSamples() {}

    static Stream<Arguments> all() {
        return Stream.of(
                Arguments.of(
                        "guest-alert/1",
                        "01-design",
                        Alert.CODEC,
                        new Alert(AlertKind.AUTH_ERROR_RATE, CHANNEL, AlertState.FIRING, 0.072, 0.05, 300, SEVEN)),
                Arguments.of(
                        "guest-alert/1",
                        "02-resolved",
                        Alert.CODEC,
                        new Alert(
                                AlertKind.GONE_UPSTREAM,
                                "all",
                                AlertState.RESOLVED,
                                0.0,
                                0.05,
                                300,
                                SEVEN.plusSeconds(270))),
                Arguments.of(
                        "guest-alert-counts/1",
                        "01-counts",
                        AlertCounts.CODEC,
                        new AlertCounts.Slot(CHANNEL, SEVEN, 30_000, 3, 101, 8, 40, 3, 2, 1)),
                Arguments.of(
                        "guest-alert-counts/1",
                        "02-read",
                        AlertCounts.CODEC,
                        new AlertCounts.Read(3, SEVEN.plusSeconds(33))));
    }
}
