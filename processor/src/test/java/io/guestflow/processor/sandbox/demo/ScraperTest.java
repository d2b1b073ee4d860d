package io.guestflow.processor.sandbox.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Map;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class ScraperTest {
    private static final MetricsPage PAGE = MetricsPage.parse("""
            # HELP guestflow_auth_pending Requests that are pending
            # TYPE guestflow_auth_pending gauge
            guestflow_auth_pending 3.0
            guestflow_cxone_breaker_state{endpoint="context"} 0.0
            guestflow_cxone_breaker_state{endpoint="create"} 2.0
            guestflow_cxone_pause_seconds 1.25
            guestflow_cxone_calls_seconds_count{endpoint="create",outcome="success"} 40
            guestflow_cxone_calls_seconds_count{endpoint="token",outcome="success"} 1
            guestflow_cxone_calls_seconds_count{endpoint="token",outcome="timeout"} 2
            odd{label="a } b"} NaN
            old_style 1.5E3 1395066363000
            most{le="+Inf"} +Inf
            """);

    @Test
    void seriesAreFoundByNameAndLabels() {
        assertEquals(OptionalDouble.of(3), PAGE.sum("guestflow_auth_pending"));
        assertEquals(OptionalDouble.of(43), PAGE.sum("guestflow_cxone_calls_seconds_count"));
        assertEquals(
                OptionalDouble.of(3), PAGE.sum("guestflow_cxone_calls_seconds_count", Map.of("endpoint", "token")));
        assertEquals(OptionalDouble.of(1500), PAGE.sum("old_style"));
        assertEquals(OptionalDouble.of(Double.POSITIVE_INFINITY), PAGE.sum("most"));
        assertEquals(OptionalDouble.of(Double.NaN), PAGE.sum("odd"));
        assertEquals(OptionalDouble.empty(), PAGE.sum("guestflow_auth"));
    }

    @Test
    void theStateIsToldInAFewWords() {
        assertEquals(
                "pending 3, breaker open, context breaker closed, CXone's pause 1.3 s, tokens fetched 1",
                Scraper.state(PAGE));
    }

    @Test
    void whatIsNotThereIsNotMentioned() {
        assertEquals("", Scraper.state(MetricsPage.parse("# nothing yet\n")));
    }
}
