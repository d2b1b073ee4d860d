package io.guestflow.processor.alerts;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.guestflow.contracts.alerts.AlertKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The rules for Prometheus have every alert that guest-alerts has, under the same rates. That the meters exist which they
 * name, a test of the whole process shows.
 */
class RulesFileTest {
    private static final Path FILE = Path.of("deploy", "alerts.rules.yml");

    @ParameterizedTest
    @EnumSource
    void everyAlertHasARuleWithTheDefaults(AlertKind kind) throws IOException {
        List<String> rules = rules().stream()
                .filter(rule -> rule.contains("alert: " + kind + "\n"))
                .toList();
        assertEquals(1, rules.size());
        String rule = rules.getFirst();
        assertTrue(rule.contains("> 0.05"), rule);
        assertTrue(rule.contains(">= 20"), rule);
        assertEquals(
                List.of("[5m]"),
                Pattern.compile("\\[[^]]*]")
                        .matcher(rule)
                        .results()
                        .map(found -> found.group())
                        .distinct()
                        .toList());
    }

    @Test
    void everyRuleTellsWhatItMeans() throws IOException {
        List<String> rules = rules();
        assertTrue(rules.size() >= 9, () -> rules.size() + " rules");
        for (String rule : rules) {
            for (String part : List.of("expr:", "severity:", "summary:", "description:")) {
                assertTrue(rule.contains(part), part + " of " + rule);
            }
        }
    }

    private static List<String> rules() throws IOException {
        String[] parts = Files.readString(FILE).split("\n {6}- alert: ", -1);
        return Arrays.asList(parts).subList(1, parts.length);
    }
}
