package io.guestflow.processor.alerts;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.guestflow.contracts.alerts.AlertKind;
import io.guestflow.processor.config.Settings;
import io.guestflow.processor.config.SettingsException;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The rules for Prometheus have every alert that guest-alerts has, under the same rates. That the meters and labels exist
 * which they name, a test of the whole process shows.
 */
class RulesFileTest {
    private static final Path FILE = Path.of("deploy", "alerts.rules.yml");
    private static final Pattern BY = Pattern.compile("\\bby \\(([^)]*)\\)");
    private static final Pattern USED = Pattern.compile("\\$labels\\.([a-z_]+)");

    @ParameterizedTest
    @EnumSource
    void everyAlertHasARuleWithTheDefaults(AlertKind kind) throws IOException, SettingsException {
        Settings.Alerts defaults = defaults();
        List<String> rules = rules().stream()
                .filter(rule -> rule.contains("alert: " + kind + "\n"))
                .toList();
        assertEquals(1, rules.size());
        String rule = rules.getFirst();
        int least = kind == AlertKind.AUTH_ERROR_RATE ? defaults.minVolume() : defaults.minRefreshes();
        assertTrue(rule.contains("> " + defaults.rate() + "\n"), rule);
        assertTrue(rule.contains(">= " + least + "\n"), rule);
        assertEquals(Set.of("[" + defaults.window().toMinutes() + "m]"), found(Pattern.compile("(\\[[^]]*])"), rule));
    }

    @ParameterizedTest
    @CsvSource({
        "GuestflowBreakerOpen, guestflow_cxone_breaker_state",
        "GuestflowAnalyticsBreakerOpen, guestflow_cxone_breaker_state",
        "GuestflowDeadLetters, guestflow_dead_letters_total",
        "GuestflowDeadLetters, guestflow_effects_dead_letters_total",
        "GuestflowDefects, guestflow_timers_given_up_total",
        "GuestflowLag, kafka_consumer_fetch_manager_records_lag",
        "GuestflowThreadStands, kafka_consumer_last_poll_seconds_ago",
        "GuestflowWebhooksLag, guestflow_session_webhooks_lag_seconds",
        "GuestflowTimersLate, guestflow_timers_lag_seconds",
        "GuestflowFactsNotRunning, guestflow_application_running",
        "GuestflowFactsUnread, guestflow_facts_lag_seconds",
        "GuestflowFactsLost, guestflow_facts_lost_total",
        "GuestflowFactsLost, guestflow_audit_skipped_total",
        "GuestflowAlertsBehind, guestflow_alerts_behind_seconds",
        "GuestflowAlertsBlind, guestflow_alerts_facts_total",
        "GuestflowClockOffset, guestflow_clock_offset_seconds"
    })
    void whatIsWatchedIsWatchedByItsMeter(String alert, String meter) throws IOException {
        List<String> rules =
                rules().stream().filter(rule -> rule.startsWith(alert + "\n")).toList();
        assertEquals(1, rules.size(), alert);
        assertTrue(rules.getFirst().contains(meter), rules.getFirst());
    }

    @Test
    void everyRuleTellsWhatItMeans() throws IOException {
        for (String rule : rules()) {
            for (String part : List.of("expr:", "severity:", "summary:", "description:")) {
                assertTrue(rule.contains(part), part + " of " + rule);
            }
        }
    }

    /** No guest waits for analytics, so that they hang is no reason to wake anybody. */
    @Test
    void theBreakerOfDetailsIsAWarningOfItsOwn() throws IOException {
        List<String> breakers = rules().stream()
                .filter(rule -> rule.contains("guestflow_cxone_breaker_state"))
                .toList();
        assertEquals(2, breakers.size());
        for (String rule : breakers) {
            boolean pages = rule.contains("severity: critical");
            assertTrue(rule.contains(pages ? "{endpoint!=\"details\"}" : "{endpoint=\"details\"}"), rule);
            assertEquals(pages, rule.contains("UPSTREAM_UNAVAILABLE"), rule);
        }
    }

    /** A label that an expression has not grouped by is empty. */
    @Test
    void everyLabelThatIsToldIsThere() throws IOException {
        for (String rule : rules()) {
            Set<String> grouped = found(BY, rule).stream()
                    .flatMap(labels -> Arrays.stream(labels.split(", *")))
                    .collect(Collectors.toSet());
            assertTrue(grouped.containsAll(found(USED, rule)), rule);
        }
    }

    @Test
    void parenthesesAndQuotesAreClosed() throws IOException {
        for (String rule : rules()) {
            for (String pair : List.of("()", "[]", "{}")) {
                assertEquals(count(rule, pair.charAt(0)), count(rule, pair.charAt(1)), rule);
            }
            assertEquals(0, count(rule, '"') % 2, rule);
        }
    }

    /** Where Prometheus' own tool is at hand, it has the last word. */
    @Test
    void promtoolTakesThem() throws IOException, InterruptedException {
        Optional<Path> promtool = Arrays.stream(
                        System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
                .map(folder -> Path.of(folder, "promtool"))
                .filter(Files::isExecutable)
                .findFirst();
        assumeTrue(promtool.isPresent(), "there is no promtool on the PATH");
        Process process = new ProcessBuilder(promtool.get().toString(), "check", "rules", FILE.toString())
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), said);
    }

    private static Settings.Alerts defaults() throws SettingsException {
        Map<String, String> least = Map.of(
                "KAFKA_BOOTSTRAP_SERVERS", "kafka:9092",
                "GUESTFLOW_REF_KEY", "QUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUE=",
                "GUESTFLOW_ROLES", "streams");
        return Settings.load(new String[0], least, Files::readString).alerts();
    }

    private static Set<String> found(Pattern what, String rule) {
        return what.matcher(rule).results().map(found -> found.group(1)).collect(Collectors.toSet());
    }

    private static long count(String text, char sign) {
        return text.chars().filter(it -> it == sign).count();
    }

    private static List<String> rules() throws IOException {
        String[] parts = Files.readString(FILE).split("\n {6}- alert: ", -1);
        return Arrays.asList(parts).subList(1, parts.length);
    }
}
