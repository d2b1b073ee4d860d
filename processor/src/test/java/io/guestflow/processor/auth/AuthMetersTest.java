package io.guestflow.processor.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.guestflow.contracts.auth.ErrorCode;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class AuthMetersTest {
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

    /** Prometheus sees no increase in the first count of a counter that did not exist before. */
    @Test
    void whatAlertsLookAtIsThereBeforeItHappens() {
        new AuthMeters(registry);
        Set<String> finals = Stream.concat(
                        Stream.of("AUTHENTICATED NONE"),
                        Arrays.stream(ErrorCode.values()).map(code -> code.status() + " " + code))
                .collect(Collectors.toSet());
        assertEquals(
                finals,
                registry.get("guestflow.auth.finals").counters().stream()
                        .map(counter -> counter.getId().getTag("status") + " "
                                + counter.getId().getTag("code"))
                        .collect(Collectors.toSet()));
        assertEquals(
                0,
                registry.get("guestflow.timers.given.up")
                        .tag("application", "auth")
                        .counter()
                        .count());
    }
}
